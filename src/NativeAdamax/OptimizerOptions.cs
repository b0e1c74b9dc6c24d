using Microsoft.Extensions.Logging;
using NativeAdamax.Scaling;

namespace NativeAdamax;

/// <summary>What every optimizer can be told. A null means the default of the dialect.</summary>
public abstract partial record OptimizerOptions
{
    /// <summary>The system whose defaults and semantics are followed. Default: Keras.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public Dialect Dialect
    {
        get;
        init => field = Check.Defined(value);
    }

    /// <summary>
    /// A number or a function. Null: 0.001, or for Adamax and Nadam of PyTorch and Adamax of MXNet 0.002; optax has no
    /// default and asks for one.
    /// </summary>
    public LearningRate? LearningRate { get; init; }

    /// <summary>Decay of the first moment, 0 up to but not including 1. Null: 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range or NaN.</exception>
    public double? Beta1
    {
        get;
        init => field = value is { } given ? Check.Beta(given) : null;
    }

    /// <summary>Decay of the second moment or the infinity norm, 0 up to but not including 1. Null: 0.999.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range or NaN.</exception>
    public double? Beta2
    {
        get;
        init => field = value is { } given ? Check.Beta(given) : null;
    }

    /// <summary>
    /// Keeps the denominator from zero; 0 or above. Where it stands is the dialect's. Null: 1e-7 for Keras and tf_keras,
    /// 1e-6 for MXNet's AdamW, otherwise 1e-8.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is negative, infinite or NaN, or above 0 and 0 as a float.
    /// </exception>
    public double? Epsilon
    {
        get;
        init => field = value is { } given ? Check.Epsilon(given) : null;
    }

    /// <summary>
    /// Weight decay, 0 or above; not multiplied by the learning rate. Null: none, but for AdamW 0.004 for Keras and
    /// tf_keras, 0.01 for PyTorch, 0.0001 for optax, none for MXNet.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public double? WeightDecay
    {
        get;
        init => field = value is { } given ? Check.NotNegative(given) : null;
    }

    /// <summary>How weight decay enters. Null: as the dialect's optimizer of this name does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public WeightDecayForm? WeightDecayForm
    {
        get;
        init => field = value is { } given ? Check.Defined(given) : null;
    }

    /// <summary>Gradient elements are clipped to plus and minus this; above 0. Null: not at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, also as a float, negative or NaN.</exception>
    public double? ClipValue
    {
        get;
        init => field = value is { } given ? Check.Positive(given) : null;
    }

    /// <summary>
    /// The gradient of each parameter is scaled down to this norm where it exceeds it; above 0. Null: not at all. Keras
    /// and tf_keras take one clip option at most; elsewhere norms come first, then <see cref="ClipValue"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative or NaN.</exception>
    public double? ClipNorm
    {
        get;
        init => field = value is { } given ? Check.Positive(given) : null;
    }

    /// <summary>
    /// All gradients are scaled down together where their norm exceeds this; above 0. Null: not at all. One more read of
    /// the gradients.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative or NaN.</exception>
    public double? GlobalClipNorm
    {
        get;
        init => field = value is { } given ? Check.Positive(given) : null;
    }

    /// <summary>
    /// The gradient of each parameter is scaled down to this percentile of its last 100 norms, from 0 to 100
    /// (bitsandbytes' percentile_clipping). Null: not at all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int? ClipPercentile
    {
        get;
        init => field = value is null or (>= 0 and <= 100)
            ? value
            : throw Check.OutOfRange(value, nameof(ClipPercentile), "from 0 to 100");
    }

    /// <summary>
    /// The change of each parameter is scaled down to this part of its weights' norm where it exceeds it (bitsandbytes'
    /// max_unorm); above 0. Weights of norm 0 are not held back. Null: not at all. Two more passes over memory.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative or NaN.</exception>
    public double? MaxUpdateNorm
    {
        get;
        init => field = value is { } given ? Check.Positive(given) : null;
    }

    /// <summary>
    /// Calls of <see cref="Optimizer.Step()"/> whose mean gradient one update takes; 1 or above. Null: 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? AccumulationSteps
    {
        get;
        init => field = value is null or >= 1 ? value : throw Check.OutOfRange(value, nameof(AccumulationSteps), "1 or above");
    }

    /// <summary>The same as a function of the updates so far (optax.MultiSteps). Null: a number.</summary>
    public Func<long, int>? AccumulationSchedule { get; init; }

    /// <summary>
    /// The scale of the loss, by which the gradients are divided. A dynamic one refuses gradients that are not finite.
    /// Null: none.
    /// </summary>
    public LossScale? LossScale { get; init; }

    /// <summary>
    /// Leave a step undone whose gradients are infinite or NaN, and say in the report where the first one is. Otherwise
    /// they go where the arithmetic takes them.
    /// </summary>
    public bool SkipNonFinite { get; init; }

    /// <summary>
    /// After so many undone steps in a row the next ones are done all the same, until one is finite again
    /// (optax.apply_if_finite); 0 or above. Null: never. Only with <see cref="SkipNonFinite"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int? MaxConsecutiveSkips
    {
        get;
        init => field = value is null or >= 0
            ? value
            : throw Check.OutOfRange(value, nameof(MaxConsecutiveSkips), "0 or above");
    }

    /// <summary>False: the moments are not corrected for their start from zero (MXNet AdamW's correct_bias). Null: true.</summary>
    public bool? BiasCorrection { get; init; }

    /// <summary>Which parameters decay; null: all of them. Asked once, at construction.</summary>
    public Func<Parameter, bool>? DecayMask { get; init; }

    /// <summary>Climb instead of descend. Null: no.</summary>
    public bool? Maximize { get; init; }

    /// <summary>
    /// Set the gradients to zero in the same pass over memory that reads them; also those of a refused step, after the
    /// report has found the first that is not finite. Null: no.
    /// </summary>
    public bool? ZeroGradients { get; init; }

    /// <summary>Average the weights in the same pass. Null: no average.</summary>
    public EmaOptions? Ema { get; init; }

    /// <summary>Threads of one step at most; 0 for as many as there are processors. The results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        init => field = value >= 0 ? value : throw Check.OutOfRange(value, nameof(MaxDegreeOfParallelism), "0 or above");
    }

    /// <summary>
    /// Where moments, sums of gradients and averages live. The results do not depend on it. Null: in memory.
    /// </summary>
    public StateStorage? StateStorage { get; init; }

    /// <summary>
    /// How moments and averages are kept between steps. Null: in float32. Weights of 16 bits are a matter of
    /// <see cref="Parameter"/>.
    /// </summary>
    public StatePrecision? Precision { get; init; }

    /// <summary>
    /// Told of options that are allowed but seldom meant: an epsilon of 0, infinite weights where the dialect's system
    /// would multiply them by 0, a Keras schedule that starts from a whole number, a second moment or an
    /// average that is rounded to nearest and sticks. Null: nobody.
    /// </summary>
    public ILogger? Logger { get; init; }

    /// <summary>The kernels to use. Null: <see cref="Backend.Info"/>'s. The results do not depend on it.</summary>
    public BackendSelection? Backend { get; init; }
}
