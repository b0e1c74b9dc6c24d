using NativeAdamax.Backends;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>
/// Updates parameters by their gradients. The moments live in memory of this object, which <see cref="Dispose()"/>
/// frees. A step allocates nothing; its results do not depend on backend, instruction set or threads.
/// </summary>
/// <remarks>
/// One optimizer is for one thread at a time, and refuses a call while another is under way. Several optimizers may step
/// at once.
/// </remarks>
public abstract unsafe partial class Optimizer : IDisposable
{
    private readonly Exclusive _exclusive;
    private bool _disposed;

    /// <summary>An optimizer of parameters that share its options.</summary>
    /// <param name="parameters">At least one, none null, none twice.</param>
    /// <param name="options">Null: the defaults of Keras.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no parameter, one is null or stands there twice, two share memory, or an option is missing that the
    /// dialect asks for.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    private protected Optimizer(IEnumerable<Parameter> parameters, OptimizerOptions options)
        : this([new ParameterGroup(parameters)], options)
    {
    }

    /// <summary>An optimizer of groups of parameters.</summary>
    /// <param name="groups">At least one, none null; no parameter twice.</param>
    /// <param name="options">Null: the defaults of Keras.</param>
    /// <exception cref="ArgumentNullException"><paramref name="groups"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no group, one is null, a parameter stands there twice, two share memory, a group's options are of
    /// another kind or dialect, or an option is missing that the dialect asks for.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    private protected Optimizer(IEnumerable<ParameterGroup> groups, OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(groups);
        groups = [.. groups];
        if (!groups.Any())
            throw new ArgumentException("An optimizer needs at least one group of parameters.", nameof(groups));
        if (groups.Contains(null!))
            throw new ArgumentException("A group is null.", nameof(groups));

        _exclusive = new Exclusive(GetType().Name);
        Options = options.Resolve();
        KernelBackend backend = BackendChooser.Resolve(options.Backend);
        BackendInfo = backend.Info;
        ParameterGroup[] all = [.. groups];
        Options.LossScale?.Attach(this);
        try
        {
            _composition = new Composition(backend, Options, all, [.. all.Select(g => g.Options)]);
            if (options.Ema is not null)
            {
                Ema = new WeightEma(
                    backend, Parameters, options.Ema, options.Rules, _exclusive, options.Precision,
                    options.StateStorage?.Folder);
                Engine.Attach(Ema.State);
            }
        }
        catch
        {
            _composition?.Dispose();
            Options.LossScale?.Detach(this);
            throw;
        }

        Composition.Index.Hold();
        TrapWarnings.Log(options, Composition);
    }

    /// <summary>In the order of updates.</summary>
    public IReadOnlyList<ParameterGroup> Groups => Composition.Groups;

    /// <summary>Those of all groups, in order.</summary>
    public IReadOnlyList<Parameter> Parameters => Composition.Parameters;

    /// <summary>
    /// The options as they are now, with every null that has a default replaced by it. <see cref="SetOptions(OptimizerOptions)"/>
    /// changes them.
    /// </summary>
    public OptimizerOptions Options { get; private set; }

    /// <summary>What does the arithmetic.</summary>
    public BackendInfo BackendInfo { get; }

    /// <summary>The average of the weights; null without <see cref="OptimizerOptions.Ema"/>.</summary>
    public WeightEma? Ema { get; }

    /// <summary>
    /// Updates so far. May be set where a state comes from elsewhere; the bias corrections have counts of their own,
    /// <see cref="ParameterState.UpdateCount"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 0 or more than 2^62.</exception>
    public long StepCount
    {
        get;
        set => field = Check.Count(value);
    }

    /// <summary>
    /// Calls of <see cref="Step()"/> so far that were not refused, with those that only accumulated. May be set like
    /// <see cref="StepCount"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 0 or more than 2^62.</exception>
    public long CallCount
    {
        get;
        set => field = Check.Count(value);
    }

    /// <summary>
    /// Calls in a row, up to now, whose gradients were infinite or NaN, refused or not. Counted where they are looked
    /// for: with <see cref="OptimizerOptions.SkipNonFinite"/> or a dynamic <see cref="OptimizerOptions.LossScale"/>.
    /// </summary>
    public long NonFiniteInARow { get; private set; }

    /// <summary>All such calls.</summary>
    public long NonFiniteCount { get; private set; }

    /// <summary>
    /// Factor of every gradient, MXNet's rescale_grad: 1 over the batch size, where the loss is a sum. Finite, also as a
    /// float. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is infinite or NaN.</exception>
    public double GradientScale
    {
        get;
        set => field = Check.GradientScale(value);
    } = 1;

    /// <summary>A loss times the loss scale, to be differentiated; the loss itself without one.</summary>
    public double ScaleLoss(double loss) => loss * (Options.LossScale?.Scale ?? 1);

    /// <summary>Sets the gradients of all parameters that have one to zero.</summary>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public void ZeroGradients()
    {
        using Exclusive.Scope scope = Enter();
        Engine.ZeroGradients();
        GC.KeepAlive(this);
    }

    /// <summary>What is kept of a parameter between steps.</summary>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public ParameterState State(Parameter parameter)
    {
        _ = IndexOf(parameter);
        return new ParameterState(this, parameter);
    }

    /// <summary>
    /// Brings all rows up to date (see <see cref="Flush"/>) and frees the moments and averages. Not the parameters. A second
    /// call does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A call is under way, or a parameter with rows to bring up to date holds its average.
    /// </exception>
    public void Dispose()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        if (_disposed)
            return;
        FlushBeforeEnd();
        _disposed = true;
        Ema?.Release();
        Options.LossScale?.Detach(this);
        Composition.Index.Release();
        Composition.Dispose();
        _queue?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static ReadOnlySpan<float> StateSpan(float* start, Parameter parameter) =>
        parameter.Length <= Array.MaxLength
            ? new ReadOnlySpan<float>(start, (int)parameter.Length)
            : throw new InvalidOperationException($"Parameter {parameter.Name} is longer than a span can be.");

    /// <summary>Looks for disposal only when inside: before, another thread could still be at it.</summary>
    internal Exclusive.Scope Enter()
    {
        Exclusive.Scope scope = _exclusive.Enter();
        if (_disposed)
            scope.Dispose();
        ObjectDisposedException.ThrowIf(_disposed, this);
        return scope;
    }

    /// <summary>The number of a parameter among all.</summary>
    internal int IndexOf(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Composition.Index[parameter];
    }
}
