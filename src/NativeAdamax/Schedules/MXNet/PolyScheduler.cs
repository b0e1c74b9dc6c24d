namespace NativeAdamax.Schedules.MXNet;

/// <summary>
/// MXNet's PolyScheduler: <c>final + (base - final) * (1 - (u - W) / (maxUpdate - W))^pwr</c> with W = warmupSteps, and
/// the final rate after maxUpdate.
/// </summary>
/// <param name="maxUpdate">
/// The update with the final rate; 1 or above, and above <paramref name="warmupSteps"/>.
/// </param>
/// <param name="baseLr">The rate at W; finite, 0 or above.</param>
/// <param name="pwr">The polynomial's power; finite, 0 or above.</param>
/// <param name="finalLr">The rate in the end; finite, 0 or above.</param>
/// <param name="warmupSteps">The first update without warm-up; 0 or above.</param>
/// <param name="warmupBeginLr">The rate at which the warm-up begins; from 0 to <paramref name="baseLr"/>.</param>
/// <param name="warmupMode">Whether the warm-up rises.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class PolyScheduler(
    long maxUpdate, double baseLr = 0.01, double pwr = 2, double finalLr = 0,
    long warmupSteps = 0, double warmupBeginLr = 0, WarmupMode warmupMode = WarmupMode.Linear)
    : LRScheduler(baseLr, warmupSteps, warmupBeginLr, warmupMode)
{
    /// <summary>The update with the final rate.</summary>
    public long MaxUpdate { get; } = Check.AtLeast(maxUpdate, warmupSteps + 1, nameof(maxUpdate));

    /// <summary>The polynomial's power.</summary>
    public double Pwr { get; } = Check.NotNegative(pwr, nameof(pwr));

    /// <summary>The rate in the end.</summary>
    public double FinalLr { get; } = Check.LearningRate(finalLr, nameof(finalLr));

    private protected override double Scheduled(long count) => Curve.Polynomial(
        WarmupFinalLr, FinalLr, Curve.Progress(count - WarmupSteps, MaxUpdate - WarmupSteps), Pwr);
}
