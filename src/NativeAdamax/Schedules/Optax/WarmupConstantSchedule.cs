namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's warmup_constant_schedule: <c>init + (peak - init) * s / warmupSteps</c>, and peak from there on.
/// </summary>
/// <param name="initValue">The rate at 0; finite, 0 or above.</param>
/// <param name="peakValue">The rate after the warm-up; finite, 0 or above.</param>
/// <param name="warmupSteps">Steps of the warm-up; 0 or below means init for ever.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class WarmupConstantSchedule(double initValue, double peakValue, long warmupSteps) : Schedule
{
    private readonly LinearSchedule _way = new(
        Check.LearningRate(initValue, nameof(initValue)),
        Check.LearningRate(peakValue, nameof(peakValue)),
        warmupSteps);

    /// <summary>The rate at 0.</summary>
    public double InitValue => _way.InitValue;

    /// <summary>The rate after the warm-up.</summary>
    public double PeakValue => _way.EndValue;

    /// <summary>Steps of the warm-up.</summary>
    public long WarmupSteps => _way.TransitionSteps;

    /// <inheritdoc/>
    protected override double Rate(long count) => _way.At(count);
}
