namespace NativeAdamax.Styles.Keras;

/// <summary>The value of an optimizer's variable: a whole number, a number, or floats.</summary>
public readonly struct VariableValue
{
    private readonly double _number;
    private readonly long _integer;
    private readonly float[]? _array;

    private VariableValue(VariableKind kind, long integer, double number, float[]? array)
    {
        Kind = kind;
        _integer = integer;
        _number = number;
        _array = array;
    }

    /// <summary>Which of them it is.</summary>
    public VariableKind Kind { get; }

    /// <summary>A count.</summary>
    public static implicit operator VariableValue(long integer) => new(VariableKind.Integer, integer, 0, null);

    /// <summary>A learning rate or a product, in double; in Keras float32.</summary>
    public static implicit operator VariableValue(double number) => new(VariableKind.Number, 0, number, null);

    /// <summary>Moments, sums or averages; the array itself.</summary>
    public static implicit operator VariableValue(float[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(VariableKind.Array, 0, 0, array);
    }

    /// <summary>The whole number.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public long AsInteger() => Kind == VariableKind.Integer ? _integer : throw Another(VariableKind.Integer);

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public double AsNumber() => Kind == VariableKind.Number ? _number : throw Another(VariableKind.Number);

    /// <summary>The floats.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public float[] AsArray() => Kind == VariableKind.Array ? _array! : throw Another(VariableKind.Array);

    private InvalidOperationException Another(VariableKind kind) => new($"The value is of kind {Kind}, not {kind}.");
}

/// <summary>What an optimizer's variable holds.</summary>
public enum VariableKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Floats.</summary>
    Array,
}
