using NativeAdamax.Backends;
using NativeAdamax.Dialects;
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
    private readonly UpdateEngine _engine;
    private readonly ParameterIndex _index;
    private readonly GroupRates _rates;
    private readonly bool _zeroesGradients;
    private readonly long _length;
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
        Groups = [.. groups];
        if (Groups.Count == 0)
            throw new ArgumentException("An optimizer needs at least one group of parameters.", nameof(groups));
        if (Groups.Contains(null!))
            throw new ArgumentException("A group is null.", nameof(groups));

        Options = options.Resolve();
        _parameters = [.. Groups.SelectMany(g => g.Parameters)];
        _slots = [.. _parameters.Select(p => p.Slot)];
        Parameters = _parameters;
        OptimizerOptions[] resolved = [.. Groups.Select(g => OptionsOf(g))];
        _rates = new GroupRates(
            [.. resolved.Select(o => o.LearningRate!)], [.. Groups.Select(g => g.Options?.LearningRate is not null)]);
        _zeroesGradients = resolved.Any(o => o.ZeroGradients == true);
        _index = new ParameterIndex(Parameters, _zeroesGradients);
        _length = (long)UInt128.Min((UInt128)long.MaxValue, _slots.Aggregate(UInt128.Zero, (sum, s) => sum + s.Count));
        _exclusive = new Exclusive(GetType().Name);

        KernelBackend backend = BackendChooser.Resolve(options.Backend);
        BackendInfo = backend.Info;
        _engine = new UpdateEngine(
            backend,
            options.Algorithm == Algorithm.Adamax ? KernelOp.Adamax : KernelOp.Adam,
            [.. resolved.Select(o => o.ToRecipe())],
            _slots,
            [.. Groups.SelectMany((g, i) => g.Parameters.Select(_ => i))],
            options.ToSettings());
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (options.DecayMask?.Invoke(Parameters[i]) == false)
                _engine.Traits(i) = _engine.Traits(i) with { DecayFactor = 0 };
        }

        if (options.Ema is not null)
        {
            Ema = new WeightEma(Parameters, options.Ema, options.Rules, _exclusive);
            _engine.Attach(Ema.State);
        }

        _index.Hold();
    }

    /// <summary>In the order of updates.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Those of all groups, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The options, with every null that has a default replaced by it.</summary>
    public OptimizerOptions Options { get; }

    /// <summary>What does the arithmetic.</summary>
    public BackendInfo BackendInfo { get; }

    /// <summary>The average of the weights; null without <see cref="OptimizerOptions.Ema"/>.</summary>
    public WeightEma? Ema { get; }

    /// <summary>Updates so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>Calls of <see cref="Step()"/> so far that were not refused, with those that only accumulated.</summary>
    public long CallCount { get; private set; }

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
        set => field = float.IsFinite((float)value)
            ? value
            : throw Check.OutOfRange(value, nameof(GradientScale), "finite, also as a float");
    } = 1;

    /// <summary>A loss times the loss scale, to be differentiated; the loss itself without one.</summary>
    public double ScaleLoss(double loss) => loss * (Options.LossScale?.Scale ?? 1);

    /// <summary>Multiplies the learning rate of a parameter, MXNet's lr_mult. Finite and 0 or above.</summary>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of range.</exception>
    public void SetLearningRateFactor(Parameter parameter, double factor)
    {
        using Exclusive.Scope scope = Enter();
        Check.NotNegative(factor, nameof(factor));
        _engine.Traits(StateIndex(parameter)) = _engine.Traits(StateIndex(parameter)) with { RateFactor = factor };
    }

    /// <summary>Multiplies the weight decay of a parameter, MXNet's wd_mult; 0 excludes it. Finite and 0 or above.</summary>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of range.</exception>
    public void SetWeightDecayFactor(Parameter parameter, double factor)
    {
        using Exclusive.Scope scope = Enter();
        Check.NotNegative(factor, nameof(factor));
        _engine.Traits(StateIndex(parameter)) = _engine.Traits(StateIndex(parameter)) with { DecayFactor = factor };
    }

    /// <summary>
    /// The learning rate of the first group at the next step. Setting it gives a number to every group that has no
    /// learning rate of its own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value, or what a function answers, is negative, infinite or NaN.
    /// </exception>
    /// <exception cref="InvalidOperationException">A function or a schedule rules, or another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public double LearningRate
    {
        get
        {
            using Exclusive.Scope scope = Enter();
            return _rates.Of(0, RateCount).LearningRate;
        }

        set
        {
            using Exclusive.Scope scope = Enter();
            _rates.Set(value);
        }
    }

    /// <summary>Sets the gradients of all parameters that have one to zero.</summary>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public void ZeroGradients()
    {
        using Exclusive.Scope scope = Enter();
        _engine.ZeroGradients();
        GC.KeepAlive(this);
    }

    /// <summary>m of a parameter.</summary>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="InvalidOperationException">It is longer than a span can be.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public ReadOnlySpan<float> FirstMoment(Parameter parameter) =>
        StateSpan(_engine.FirstMoment(StateIndex(parameter)), parameter);

    /// <summary>v of a parameter; u, the infinity norm, for Adamax.</summary>
    /// <inheritdoc cref="FirstMoment"/>
    public ReadOnlySpan<float> SecondMoment(Parameter parameter) =>
        StateSpan(_engine.SecondMoment(StateIndex(parameter)), parameter);

    /// <summary>AMSGrad's maximum of v; empty without AMSGrad.</summary>
    /// <inheritdoc cref="FirstMoment"/>
    public ReadOnlySpan<float> MaxSecondMoment(Parameter parameter)
    {
        float* maximum = _engine.Maximum(StateIndex(parameter));
        return maximum is null ? default : StateSpan(maximum, parameter);
    }

    /// <summary>The sum of the gradients of the calls since the last update; empty where no gradients are accumulated.</summary>
    /// <inheritdoc cref="FirstMoment"/>
    public ReadOnlySpan<float> GradientSum(Parameter parameter)
    {
        float* sum = _engine.GradientSum(StateIndex(parameter));
        return sum is null ? default : StateSpan(sum, parameter);
    }

    /// <summary>Updates that a parameter has had, as the dialect counts them.</summary>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public long UpdateCount(Parameter parameter) => _engine.CountOf(StateIndex(parameter));

    /// <summary>Frees the moments and averages. Not the parameters. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A call is under way.</exception>
    public void Dispose()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        if (_disposed)
            return;
        _disposed = true;
        Ema?.Release();
        _index.Release();
        _engine.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static ReadOnlySpan<float> StateSpan(float* start, Parameter parameter) =>
        parameter.Length <= Array.MaxLength
            ? new ReadOnlySpan<float>(start, (int)parameter.Length)
            : throw new InvalidOperationException($"Parameter {parameter.Name} is longer than a span can be.");

    private OptimizerOptions OptionsOf(ParameterGroup group)
    {
        if (group.Options is null)
            return Options;
        if (group.Options.GetType() != Options.GetType() || group.Options.Dialect != Options.Dialect)
        {
            throw new ArgumentException(
                $"A group has {group.Options.GetType().Name} of {group.Options.Dialect}, the optimizer "
                + $"{Options.GetType().Name} of {Options.Dialect}.",
                nameof(group));
        }

        return group.Options.Inherit(Options).Resolve();
    }

    /// <summary>Looks for disposal only when inside: before, another thread could still be at it.</summary>
    private Exclusive.Scope Enter()
    {
        Exclusive.Scope scope = _exclusive.Enter();
        if (_disposed)
            scope.Dispose();
        ObjectDisposedException.ThrowIf(_disposed, this);
        return scope;
    }

    private int StateIndex(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _index[parameter];
    }
}
