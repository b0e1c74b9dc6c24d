using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's warmup_cosine_decay_schedule: linear from init to peak over warmupSteps, then
/// <c>end + (peak - end) * ((1 + cos(pi (s - warmupSteps) / (decaySteps - warmupSteps))) / 2)^exponent</c>. decaySteps
/// holds the warm-up, unlike Keras's.
/// </summary>
/// <param name="initValue">The rate at 0; finite, 0 or above.</param>
/// <param name="peakValue">The rate after the warm-up; finite, 0 or above.</param>
/// <param name="warmupSteps">Steps of the warm-up; 0 or above.</param>
/// <param name="decaySteps">Steps of all; above <paramref name="warmupSteps"/>.</param>
/// <param name="endValue">The rate in the end; finite, 0 or above. A peak of 0 stays 0.</param>
/// <param name="exponent">The power of the cosine's part; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class WarmupCosineDecaySchedule(
    double initValue, double peakValue, long warmupSteps, long decaySteps, double endValue = 0, double exponent = 1)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitValue { get; } = Check.LearningRate(initValue, nameof(initValue));

    /// <summary>The rate after the warm-up.</summary>
    public double PeakValue { get; } = Check.LearningRate(peakValue, nameof(peakValue));

    /// <summary>Steps of the warm-up.</summary>
    public long WarmupSteps { get; } = Check.AtLeast(warmupSteps, 0, nameof(warmupSteps));

    /// <summary>Steps of all.</summary>
    public long DecaySteps { get; } = Check.AtLeast(decaySteps, warmupSteps + 1, nameof(decaySteps));

    /// <summary>The rate in the end.</summary>
    public double EndValue { get; } = Check.LearningRate(endValue, nameof(endValue));

    /// <summary>The power of the cosine's part.</summary>
    public double Exponent { get; } = Check.NotNegative(exponent, nameof(exponent));

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        if (count < WarmupSteps)
            return Curve.Linear(InitValue, PeakValue, Curve.Progress(count, WarmupSteps));
        double share = Curve.CosineShare(Curve.Progress(count - WarmupSteps, DecaySteps - WarmupSteps));
        return Curve.Mix(PeakValue, PeakValue == 0 ? 0 : EndValue, FixedMath.RealPower(share, Exponent));
    }
}
