namespace NativeAdamax.Schedules.MXNet;

/// <summary>
/// What MXNet's schedulers share: a base rate and a warm-up. For u below warmupSteps the rate is
/// <c>begin + (base - begin) * u / warmupSteps</c>, or with a constant warm-up the begin rate. u counts updates from 1.
/// </summary>
public abstract class LRScheduler : Schedule
{
    private protected LRScheduler(double baseLr, long warmupSteps, double warmupBeginLr, WarmupMode warmupMode)
    {
        BaseLr = WarmupFinalLr = Check.LearningRate(baseLr, nameof(baseLr));
        WarmupSteps = Check.AtLeast(warmupSteps, 0, nameof(warmupSteps));
        WarmupBeginLr = Check.LearningRate(warmupBeginLr, nameof(warmupBeginLr));
        WarmupMode = Check.Defined(warmupMode, nameof(warmupMode));
        if (warmupBeginLr > baseLr)
            throw Check.OutOfRange(warmupBeginLr, nameof(warmupBeginLr), $"at most baseLr, {baseLr}");
    }

    /// <summary>The rate that factors multiply.</summary>
    public double BaseLr { get; private set; }

    /// <summary>The base rate at construction, at which the warm-up ends.</summary>
    public double WarmupFinalLr { get; }

    /// <summary>The first update without warm-up.</summary>
    public long WarmupSteps { get; }

    /// <summary>The rate at which the warm-up begins.</summary>
    public double WarmupBeginLr { get; }

    /// <summary>Whether the warm-up rises.</summary>
    public WarmupMode WarmupMode { get; }

    /// <summary>
    /// This scheduler as an optimizer of MXNet leaves it that is given a learning rate besides: the number takes the
    /// place of <see cref="BaseLr"/>. The warm-up, <see cref="PolyScheduler"/> and <see cref="CosineScheduler"/> keep
    /// the base rate that they were made with.
    /// </summary>
    /// <param name="learningRate">Finite, 0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is out of its range.</exception>
    public LRScheduler Overwritten(double learningRate)
    {
        var copy = (LRScheduler)MemberwiseClone();
        copy.BaseLr = Check.LearningRate(learningRate, nameof(learningRate));
        return copy;
    }

    /// <inheritdoc/>
    protected sealed override double Rate(long count)
    {
        if (count >= WarmupSteps)
            return Scheduled(count);
        return WarmupMode == WarmupMode.Constant
            ? WarmupBeginLr
            : Curve.Linear(WarmupBeginLr, WarmupFinalLr, Curve.Progress(count, WarmupSteps));
    }

    /// <summary>The rate after the warm-up.</summary>
    private protected abstract double Scheduled(long count);
}
