using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.MXNet;

/// <summary>
/// MXNet's FactorScheduler: <c>max(base * factor^k, stopFactorLr)</c> with the k-th drop at u = k * step + 1. The drops
/// are counted from 0, whatever the warm-up; before the first one the rate is base.
/// </summary>
/// <param name="step">Updates from one drop to the next; 1 or above.</param>
/// <param name="factor">The factor of a drop; from 0 to 1.</param>
/// <param name="stopFactorLr">No drop goes below this; finite, 0 or above.</param>
/// <param name="baseLr">The rate at first; finite, 0 or above.</param>
/// <param name="warmupSteps">The first update without warm-up; 0 or above.</param>
/// <param name="warmupBeginLr">The rate at which the warm-up begins; from 0 to <paramref name="baseLr"/>.</param>
/// <param name="warmupMode">Whether the warm-up rises.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class FactorScheduler(
    long step, double factor = 1, double stopFactorLr = 1e-8, double baseLr = 0.01,
    long warmupSteps = 0, double warmupBeginLr = 0, WarmupMode warmupMode = WarmupMode.Linear)
    : LRScheduler(baseLr, warmupSteps, warmupBeginLr, warmupMode)
{
    /// <summary>Updates from one drop to the next.</summary>
    public long Step { get; } = Check.AtLeast(step, 1, nameof(step));

    /// <summary>The factor of a drop.</summary>
    public double Factor { get; } = Check.Fraction(factor, nameof(factor));

    /// <summary>No drop goes below this.</summary>
    public double StopFactorLr { get; } = Check.LearningRate(stopFactorLr, nameof(stopFactorLr));

    private protected override double Scheduled(long count) => count <= Step
        ? BaseLr
        : Math.Max(BaseLr * FixedMath.RealPower(Factor, (count - 1) / Step), StopFactorLr);
}
