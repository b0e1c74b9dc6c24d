namespace NativeAdamax.Styles.Keras;

/// <summary>One variable of an optimizer's state, under its name in Keras or tf_keras.</summary>
public sealed class OptimizerVariable
{
    private readonly Func<VariableValue> _get;
    private readonly Action<VariableValue> _set;
    private readonly bool _isFraction;

    internal OptimizerVariable(
        string path,
        VariableKind kind,
        long length,
        Func<VariableValue> get,
        Action<VariableValue> set,
        bool isFraction = false)
    {
        _isFraction = isFraction;
        Path = path;
        Kind = kind;
        Length = length;
        _get = get;
        _set = set;
    }

    /// <summary>The optimizer's name and the variable's: "adamax/dense_kernel_momentum".</summary>
    public string Path { get; }

    /// <summary>Without the optimizer's name.</summary>
    public string Name => Path[(Path.IndexOf('/') + 1)..];

    /// <summary>What it holds.</summary>
    public VariableKind Kind { get; }

    /// <summary>Number of elements; 1 for numbers.</summary>
    public long Length { get; }

    /// <summary>A copy of the value.</summary>
    /// <exception cref="ArgumentException">It is set to a value of another kind or length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is set to a count, rate or product out of its range.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public VariableValue Value
    {
        get => _get();

        set
        {
            Check(value);
            _set(value);
        }
    }

    internal void Check(VariableValue value)
    {
        if (value.Kind != Kind)
            throw new ArgumentException($"{Path} is of kind {Kind}, not {value.Kind}.", nameof(value));
        if (Kind == VariableKind.Array && value.AsArray().Length != Length)
        {
            throw new ArgumentException(
                $"{Path} has {Length} elements, not {value.AsArray().Length}.", nameof(value));
        }

        if (Kind == VariableKind.Integer)
            NativeAdamax.Check.Count(value.AsInteger(), Path);
        if (Kind == VariableKind.Number)
            _ = _isFraction
                ? NativeAdamax.Check.Fraction(value.AsNumber(), Path)
                : NativeAdamax.Check.LearningRate(value.AsNumber(), Path);
    }

    internal void Set(VariableValue value) => _set(value);
}
