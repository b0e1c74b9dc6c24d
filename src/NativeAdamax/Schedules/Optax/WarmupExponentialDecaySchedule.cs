namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's warmup_exponential_decay_schedule: linear from init to peak over warmupSteps, then an
/// <see cref="ExponentialDecay"/> from peak that counts from the end of the warm-up.
/// </summary>
/// <param name="initValue">The rate at 0; finite, 0 or above.</param>
/// <param name="peakValue">The rate after the warm-up; finite, 0 or above.</param>
/// <param name="warmupSteps">Steps of the warm-up; 0 or above.</param>
/// <param name="transitionSteps">Steps of one decay; 0 or below: no decay.</param>
/// <param name="decayRate">The factor of one decay; finite, 0 or above. 0: no decay.</param>
/// <param name="transitionBegin">Steps between the warm-up and the decay; 0 or above.</param>
/// <param name="staircase">Decay at once at the end of each <paramref name="transitionSteps"/>.</param>
/// <param name="endValue">The decay's bound; finite, 0 or above. Null: none.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class WarmupExponentialDecaySchedule(
    double initValue, double peakValue, long warmupSteps, long transitionSteps, double decayRate,
    long transitionBegin = 0, bool staircase = false, double? endValue = null)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitValue { get; } = Check.LearningRate(initValue, nameof(initValue));

    /// <summary>The rate after the warm-up.</summary>
    public double PeakValue { get; } = Check.LearningRate(peakValue, nameof(peakValue));

    /// <summary>Steps of the warm-up.</summary>
    public long WarmupSteps { get; } = Check.AtLeast(warmupSteps, 0, nameof(warmupSteps));

    /// <summary>What follows the warm-up.</summary>
    public ExponentialDecay Decay { get; } =
        new(peakValue, transitionSteps, decayRate, transitionBegin, staircase, endValue);

    /// <inheritdoc/>
    protected override double Rate(long count) => count < WarmupSteps
        ? Curve.Linear(InitValue, PeakValue, Curve.Progress(count, WarmupSteps))
        : Decay.At(count - WarmupSteps);
}
