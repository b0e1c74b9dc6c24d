using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax.Styles.MXNet;

/// <summary>
/// An optimizer called as those of MXNet: it keeps counts and numbers, and the caller keeps weights, gradients and
/// states. All arithmetic is that of <see cref="Optimizer"/> in the dialect of MXNet, bit for bit.
/// </summary>
/// <remarks>For one thread at a time. <see cref="MXNetRegistry"/> makes them.</remarks>
public sealed partial class MXNetOptimizer : IDisposable
{
    private readonly Exclusive _exclusive = new("An MXNetOptimizer");
    private readonly CallerPass _pass;
    private readonly Dictionary<int, Dictionary<int, Count>> _counts = [];
    private readonly Multipliers _lrMult;
    private readonly Multipliers _wdMult;
    private readonly bool _multiPrecision;
    private readonly long _begin;
    private readonly Recipe _recipe;
    private int _device;
    private bool _disposed;

    internal MXNetOptimizer(OptimizerOptions options, MXNetArguments arguments)
    {
        IReadOnlyDictionary<int, string> names = arguments.ParamIdx2Name ?? new Dictionary<int, string>();
        Options = options;
        _recipe = options.ToRecipe();
        _begin = NumUpdate = arguments.BeginNumUpdate;
        RescaleGrad = arguments.RescaleGrad;
        _multiPrecision = arguments.MultiPrecision;
        _lrMult = new Multipliers(i => Own(i)?.LrMult, names);
        _wdMult = new Multipliers(i => Own(i)?.WdMult, names);
        foreach ((double lrMult, double wdMult) in arguments.ParamDict?.Values ?? [])
        {
            Check.NotNegative(lrMult, nameof(lrMult));
            Check.NotNegative(wdMult, nameof(wdMult));
        }

        KernelBackend backend = BackendChooser.Resolve(options.Backend);
        _pass = new CallerPass(backend, Environment.ProcessorCount);

        (double LrMult, double WdMult)? Own(int index) =>
            arguments.ParamDict is { } own && own.TryGetValue(index, out (double LrMult, double WdMult) pair)
                ? pair
                : null;
    }

    /// <summary>All numbers, under the names of this library.</summary>
    public OptimizerOptions Options { get; private set; }

    /// <summary>The largest count of any weight, on any device.</summary>
    public long NumUpdate { get; private set; }

    /// <summary>Factor of every gradient; finite, also as a float.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is infinite or NaN.</exception>
    public double RescaleGrad
    {
        get;
        set => field = Check.GradientScale(value);
    }

    /// <summary>The learning rate: the number, or what the scheduler says to <see cref="NumUpdate"/>.</summary>
    public double LearningRate => Options.LearningRate!.At(NumUpdate);

    /// <summary>Changes the learning rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    /// <exception cref="InvalidOperationException">A scheduler rules.</exception>
    public void SetLearningRate(double learningRate)
    {
        if (Options.LearningRate is not NativeAdamax.LearningRate.Number)
        {
            throw new InvalidOperationException(
                $"A {Options.LearningRate!.GetType().Name} rules the learning rate: it cannot be set to "
                + $"{learningRate}.");
        }

        Options = Options with { LearningRate = learningRate };
    }

    /// <summary>Factors of the learning rate of single weights, in the place of all those set before.</summary>
    /// <param name="byIndex">By index; comes before names.</param>
    /// <param name="byName">By a name of <see cref="MXNetArguments.ParamIdx2Name"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is negative, infinite or NaN.</exception>
    public void SetLrMult(
        IReadOnlyDictionary<int, double>? byIndex = null, IReadOnlyDictionary<string, double>? byName = null) =>
        _lrMult.Set(byIndex, byName, "lr_mult");

    /// <summary>Factors of the weight decay of single weights, in the place of all those set before.</summary>
    /// <inheritdoc cref="SetLrMult"/>
    public void SetWdMult(
        IReadOnlyDictionary<int, double>? byIndex = null, IReadOnlyDictionary<string, double>? byName = null) =>
        _wdMult.Set(byIndex, byName, "wd_mult");

    /// <summary>Counts weights in a table of this device from now on. The first one is 0.</summary>
    public void SetCurrentDevice(int device) => _device = device;

    /// <summary>The state of a weight before its first step: zeros, as long as the weight, in new arrays.</summary>
    /// <exception cref="OverflowException">
    /// The weight is longer than an array can be: lay zeros out yourself.
    /// </exception>
    public static MXNetState CreateState(NDArray weight)
    {
        int length = checked((int)weight.Length);
        return new MXNetState(new float[length], new float[length]);
    }

    /// <summary>
    /// The state of a weight before its first step, with a float32 copy where the weight is float16: MXNet's
    /// create_state_multi_precision, whose pair of the copy and the state is one object here.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The weight is float16, and <see cref="MXNetArguments.MultiPrecision"/> is not set.
    /// </exception>
    /// <exception cref="OverflowException">The weight is longer than an array can be.</exception>
    public MXNetState CreateStateMultiPrecision(NDArray weight)
    {
        if (!weight.IsFloat16)
            return CreateState(weight);
        if (!_multiPrecision)
        {
            throw new InvalidOperationException(
                $"A weight in float16 needs a float32 copy, and {nameof(MXNetArguments.MultiPrecision)} is not set: nothing "
                + "here computes in float16.");
        }

        return CreateState(weight) with { Master = Array.ConvertAll(weight.HalfSpan.ToArray(), w => (float)w) };
    }

    /// <summary>Frees what a step works with; not the caller's memory.</summary>
    public void Dispose()
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        _disposed = true;
        _pass.Dispose();
    }

    /// <summary>Steps of one weight, and Nadam's product of their momenta.</summary>
    private readonly record struct Count(long Steps, double Product);
}
