using NativeAdamax.Schedules.MXNet;

namespace NativeAdamax.Styles.MXNet;

/// <summary>The arguments of MXNet's optimizers, under their names. A null means the default.</summary>
public sealed record MXNetArguments
{
    /// <summary>
    /// A number, 0 or above. Not set: the optimizer's default, 0.002 for Adamax and otherwise 0.001, or with an
    /// <see cref="LrScheduler"/> the scheduler's. Set to a number: besides a scheduler it takes the place of its base
    /// rate. Set to null: the scheduler's, or 0.01 without one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public double? LearningRate
    {
        get;
        init
        {
            field = value is { } given ? Check.LearningRate(given) : null;
            LearningRateIsSet = true;
        }
    }

    /// <summary>The learning rate as a function of the number of updates, 1 at the first.</summary>
    public LRScheduler? LrScheduler { get; init; }

    /// <summary>Decay of the first moment, 0 up to but not including 1. Null: 0.9.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Decay of the second moment, 0 up to but not including 1. Null: 0.999.</summary>
    public double? Beta2 { get; init; }

    /// <summary>Added to the denominator; 0 or above. Null: 1e-8, for AdamW 1e-6.</summary>
    public double? Epsilon { get; init; }

    /// <summary>Weight decay, 0 or above. Null: 0.</summary>
    public double? Wd { get; init; }

    /// <summary>Factor of every gradient; finite. Default 1.</summary>
    public double RescaleGrad { get; init; } = 1;

    /// <summary>
    /// Gradient elements are clipped to plus and minus this, after rescaling; above 0. Null: not at all.
    /// </summary>
    public double? ClipGradient { get; init; }

    /// <summary>Nadam's; 0 or above. Null: 0.004.</summary>
    public double? ScheduleDecay { get; init; }

    /// <summary>AdamW's: correct the moments for their start from zero. Null: true.</summary>
    public bool? CorrectBias { get; init; }

    /// <summary>Names of the weights by index, for multipliers by name.</summary>
    public IReadOnlyDictionary<int, string>? ParamIdx2Name { get; init; }

    /// <summary>Multipliers of single weights, which come before all others (Gluon's parameters).</summary>
    public IReadOnlyDictionary<int, (double LrMult, double WdMult)>? ParamDict { get; init; }

    /// <summary>The count that every weight begins with; from 0 to 2^62.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public long BeginNumUpdate
    {
        get;
        init => field = Check.Count(value);
    }

    /// <summary>
    /// How many weights MXNet hands over in one call. Changes nothing here: one call takes any number.
    /// </summary>
    public int? AggregateNum { get; init; }

    /// <summary>
    /// MXNet's fused kernels. The same numbers either way, but for AdamW's decay: fused it works on the weight before
    /// the update, otherwise on the one after it. Null: true, for Adamax and Nadam false; true is refused there, as in
    /// MXNet.
    /// </summary>
    public bool? UseFusedStep { get; init; }

    /// <summary>
    /// Weights in float16 have a float32 copy (<see cref="MXNetOptimizer.CreateStateMultiPrecision"/>). Without it they are
    /// refused: MXNet then computes in float16, which nothing here does.
    /// </summary>
    public bool MultiPrecision { get; init; }

    /// <summary>
    /// The kernels to use. Null: <see cref="NativeAdamax.Backend.Info"/>'s. The results do not depend on it.
    /// </summary>
    public BackendSelection? Backend { get; init; }

    internal bool LearningRateIsSet { get; private init; }
}
