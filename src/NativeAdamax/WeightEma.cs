using System.Diagnostics.CodeAnalysis;
using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>
/// The exponential moving average of weights, a = a + (1 - momentum) * (w - a), and its exchange with the weights for
/// an evaluation.
/// </summary>
/// <remarks>
/// An optimizer with <see cref="OptimizerOptions.Ema"/> keeps one in the same pass over memory:
/// <see cref="Optimizer.Ema"/>. One made here averages weights that something else moves: call <see cref="Update"/>.
/// </remarks>
public sealed unsafe partial class WeightEma : IDisposable
{
    private readonly string? _folder;
    private ParameterIndex _index;
    private readonly Exclusive _exclusive;
    private readonly KernelBackend _backend;
    private readonly TensorList? _tensors;
    private readonly Parts? _parts;
    private readonly PartRunner? _runner;
    private bool _disposed;

    /// <summary>An average of parameters that something else updates.</summary>
    /// <param name="parameters">At least one, none null, none twice.</param>
    /// <param name="options">Null: momentum 0.99, and the first update copies the weights.</param>
    /// <param name="backend">Null: <see cref="Backend.Info"/>'s.</param>
    /// <param name="precision">How the averages are kept, and the seed; moments play no part. Null: float32.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no parameter, one is null or stands there twice, or two share memory.</exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    public WeightEma(
        IEnumerable<Parameter> parameters, EmaOptions? options = null, BackendSelection? backend = null,
        StatePrecision? precision = null)
        : this(BackendChooser.Resolve(backend), new ParameterGroup(parameters).Parameters, options ?? new EmaOptions(),
            DialectRules.Of(Dialect.Keras), new Exclusive("The average"), precision)
    {
        _tensors = new TensorList([.. Slots], extraRows: 0, Precision.Seed);
        _parts = new Parts(1);
        _runner = new PartRunner(1);
        for (int i = 0; i < _tensors.Count; i++)
            _tensors.Place(i, StreamPlace.A, State.Of(i));
    }

    /// <summary>The average that an optimizer keeps.</summary>
    internal WeightEma(
        KernelBackend backend, IReadOnlyList<Parameter> parameters, EmaOptions options, DialectRules rules,
        Exclusive exclusive, StatePrecision? precision, string? folder = null)
    {
        _backend = backend;
        Precision = precision ?? StatePrecision.Float32;
        _folder = folder;
        Parameters = parameters;
        _index = new ParameterIndex(parameters);
        _exclusive = exclusive;
        Start = options.CopyAtFirstUpdate switch
        {
            null => rules.AverageStart,
            true => AverageStart.CopyAtFirstUpdate,
            false => AverageStart.WeightsAtConstruction,
        };
        Momentum = options.Momentum ?? rules.AverageMomentum;
        if (options.ZeroDebias && options.WarmUp)
            throw new ArgumentException("ZeroDebias and WarmUp exclude each other.", nameof(options));
        if (options.ZeroDebias && Momentum == 1)
            throw new ArgumentException("ZeroDebias divides by 1 - momentum^n: Momentum must be below 1.", nameof(options));
        Form = options.ZeroDebias ? AverageForm.Debiased
            : options.WarmUp ? AverageForm.WarmUp : AverageForm.Constant;
        OverwriteFrequency = options.OverwriteFrequency;
        State = NewState();
        _index.Hold();
    }

    /// <summary>From 0 to 1.</summary>
    public double Momentum { get; }

    /// <summary>Updates so far. May be set where averages come from elsewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 0 or more than 2^62.</exception>
    public long Updates
    {
        get => State.Updates;
        set => State.Updates = State.WeightUpdates = Check.Count(value);
    }

    /// <summary>Whether the parameters hold the averages now, inside a <see cref="Swap"/>.</summary>
    public bool IsSwapped { get; private set; }

    /// <summary>How the averages are kept.</summary>
    internal StatePrecision Precision { get; }

    internal AverageState State { get; private set; }

    internal AverageStart Start { get; }

    internal AverageForm Form { get; }

    /// <summary>Every how many updates the weights become their averages; 0: never.</summary>
    internal int OverwriteFrequency { get; }

    internal IReadOnlyList<Parameter> Parameters
    {
        get;

        [MemberNotNull(nameof(Slots))]
        private set
        {
            field = value;
            Slots = [.. value.Select(p => p.Slot)];
        }
    }

    private TensorSlot[] Slots { get; set; }

    /// <summary>Moves the averages towards the weights.</summary>
    /// <exception cref="InvalidOperationException">
    /// An optimizer keeps this average, the weights are swapped, or another call is under way.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The average or a parameter has been disposed.</exception>
    public void Update()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_tensors is null)
            throw new InvalidOperationException("The optimizer updates its average itself, at every step.");
        RefuseIfSwapped();
        CheckParameters();
        State.Update(_tensors, _parts!, _runner!);
        GC.KeepAlive(this);
    }

    /// <summary>
    /// The average of a parameter. Inside a <see cref="Swap"/> its weights, where both are kept in float32.
    /// </summary>
    /// <exception cref="ArgumentException">The parameter is not averaged here.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no average before the first update, it is not kept in float32 (use
    /// <see cref="CopyAverageTo(Parameter, Span{float})"/>), or it is longer than a span can be.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The average has been disposed.</exception>
    public ReadOnlySpan<float> Average(Parameter parameter)
    {
        Kept average = State.Of(Averaged(parameter));
        return average.Floats is not null || !average.IsPacked
            ? parameter.SpanOf(average.Floats)
            : throw new InvalidOperationException(
                $"The average of {parameter.Name} is kept as {StreamFormat.NameOf(average.Format)}: use "
                + $"{nameof(CopyAverageTo)}.");
    }

    /// <summary>Copies the average of a parameter, however it is kept, to floats.</summary>
    /// <param name="parameter">Averaged here.</param>
    /// <param name="average">As long as the parameter.</param>
    /// <exception cref="ArgumentException">The parameter is not averaged here, or the length is another.</exception>
    /// <exception cref="InvalidOperationException">There is no average before the first update.</exception>
    /// <exception cref="ObjectDisposedException">The average has been disposed.</exception>
    public void CopyAverageTo(Parameter parameter, Span<float> average)
    {
        int index = Averaged(parameter);
        parameter.RefuseLength(average.Length, nameof(average));
        fixed (float* to = average)
            State.CopyTo(index, to);
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Makes the weights their averages for good, as Keras does at the end of training (finalize_variable_values).
    /// Averages and moments stay as they are.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// There was no update yet, the weights are swapped, or another call is under way.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The average or a parameter has been disposed.</exception>
    public void CopyToWeights()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        ObjectDisposedException.ThrowIf(_disposed, this);
        RefuseIfSwapped();
        if (Updates == 0)
            throw new InvalidOperationException("There is no average before the first update.");
        CheckParameters();
        for (int i = 0; i < Slots.Length; i++)
            State.Overwrite(i);
    }

    /// <summary>
    /// Frees the averages; inside a <see cref="Swap"/> the weights come back first. A second call does nothing. An
    /// optimizer disposes its average itself; disposed before it, its steps are refused.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public void Dispose()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        Release();
    }

    /// <summary>What <see cref="Dispose"/> does, for the optimizer, which is inside already.</summary>
    internal void Release()
    {
        if (_disposed)
            return;
        SwapBack();
        _disposed = true;
        _index.Release();
        State.Dispose();
        _tensors?.Dispose();
        _parts?.Dispose();
        _runner?.Dispose();
    }

    /// <summary>Averages more parameters from now on; the first ones are those there were.</summary>
    internal void Extend(IReadOnlyList<Parameter> parameters)
    {
        ParameterIndex index = new(parameters);
        AverageState before = State;
        Parameters = parameters;
        State = NewState();
        State.GoOnFrom(before);
        before.Dispose();
        index.Hold();
        _index.Release();
        _index = index;
    }

    internal void RefuseStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RefuseIfSwapped();
    }

    private AverageState NewState() => new(_backend, Slots, Momentum, Start, Form, Precision, _folder)
    {
        OverwriteFrequency = OverwriteFrequency,
    };

    private int Averaged(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(_disposed, this);
        RefuseIfEmpty();
        return _index[parameter];
    }

    private void RefuseIfSwapped()
    {
        if (IsSwapped)
            throw new InvalidOperationException("The parameters hold their averages: dispose the swap first.");
    }

    private void RefuseIfEmpty()
    {
        if (!State.HasValues)
            throw new InvalidOperationException("There is no average before the first update.");
    }

    private void CheckParameters()
    {
        foreach (TensorSlot slot in Slots)
        {
            slot.ThrowIfDisposed();
            slot.ThrowIfSwapped();
        }
    }
}
