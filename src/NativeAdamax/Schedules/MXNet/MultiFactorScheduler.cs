using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.MXNet;

/// <summary>MXNet's MultiFactorScheduler: <c>base * factor^k</c> where u is above k of the steps.</summary>
public sealed class MultiFactorScheduler : LRScheduler
{
    private readonly long[] _step;

    /// <summary>A base rate that drops after each of some updates.</summary>
    /// <param name="step">The last updates before drops; at least one, 1 or above, rising.</param>
    /// <param name="factor">The factor of a drop; from 0 to 1.</param>
    /// <param name="baseLr">The rate at first; finite, 0 or above.</param>
    /// <param name="warmupSteps">The first update without warm-up; 0 or above.</param>
    /// <param name="warmupBeginLr">The rate at which the warm-up begins; from 0 to <paramref name="baseLr"/>.</param>
    /// <param name="warmupMode">Whether the warm-up rises.</param>
    /// <exception cref="ArgumentNullException"><paramref name="step"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="step"/> is empty or does not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public MultiFactorScheduler(
        IEnumerable<long> step, double factor = 1, double baseLr = 0.01,
        long warmupSteps = 0, double warmupBeginLr = 0, WarmupMode warmupMode = WarmupMode.Linear)
        : base(baseLr, warmupSteps, warmupBeginLr, warmupMode)
    {
        _step = Boundaries.Rising(step, 1, nameof(step));
        if (_step.Length == 0)
            throw new ArgumentException("There must be one update at least after which the rate drops.", nameof(step));
        Factor = Check.Fraction(factor, nameof(factor));
    }

    /// <summary>The last updates before drops.</summary>
    public IReadOnlyList<long> Step => _step;

    /// <summary>The factor of a drop.</summary>
    public double Factor { get; }

    private protected override double Scheduled(long count) =>
        BaseLr * FixedMath.RealPower(Factor, Boundaries.Reached(_step, count - 1));
}
