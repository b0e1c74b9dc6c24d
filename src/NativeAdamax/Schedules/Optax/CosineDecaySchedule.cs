using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's cosine_decay_schedule: <c>init * ((1 - alpha) * ((1 + cos(pi s / N)) / 2)^exponent + alpha)</c> with N =
/// decaySteps, and <c>init * alpha</c> from there on.
/// </summary>
/// <param name="initValue">The rate at 0; finite, 0 or above.</param>
/// <param name="decaySteps">Steps of the decay; 1 or above.</param>
/// <param name="alpha">The floor as a part of the first rate; finite, 0 or above.</param>
/// <param name="exponent">The power of the cosine's part; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CosineDecaySchedule(double initValue, long decaySteps, double alpha = 0, double exponent = 1)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitValue { get; } = Check.LearningRate(initValue, nameof(initValue));

    /// <summary>Steps of the decay.</summary>
    public long DecaySteps { get; } = Check.AtLeast(decaySteps, 1, nameof(decaySteps));

    /// <summary>The floor as a part of the first rate.</summary>
    public double Alpha { get; } = Check.NotNegative(alpha, nameof(alpha));

    /// <summary>The power of the cosine's part.</summary>
    public double Exponent { get; } = Check.NotNegative(exponent, nameof(exponent));

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        double share = FixedMath.RealPower(Curve.CosineShare(Curve.Progress(count, DecaySteps)), Exponent);
        return Curve.Mix(InitValue, InitValue * Alpha, share);
    }
}
