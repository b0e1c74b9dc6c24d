using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.Keras;

/// <summary>
/// Keras's ExponentialDecay: <c>initial * decayRate^(s / decaySteps)</c>, the quotient rounded down in a staircase.
/// </summary>
/// <param name="initialLearningRate">The rate at 0; finite, 0 or above.</param>
/// <param name="decaySteps">Steps of one decay; 1 or above.</param>
/// <param name="decayRate">The factor of one decay; finite, 0 or above.</param>
/// <param name="staircase">Decay at once at the end of each <paramref name="decaySteps"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class ExponentialDecay(
    double initialLearningRate, long decaySteps, double decayRate, bool staircase = false)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitialLearningRate { get; } = Check.LearningRate(initialLearningRate, nameof(initialLearningRate));

    /// <summary>Steps of one decay.</summary>
    public long DecaySteps { get; } = Check.AtLeast(decaySteps, 1, nameof(decaySteps));

    /// <summary>The factor of one decay.</summary>
    public double DecayRate { get; } = Check.NotNegative(decayRate, nameof(decayRate));

    /// <summary>Whether whole decays count only.</summary>
    public bool Staircase { get; } = staircase;

    internal override bool IsWhole => double.IsInteger(InitialLearningRate) && InitialLearningRate > 0;

    /// <inheritdoc/>
    protected override double Rate(long count) =>
        InitialLearningRate * FixedMath.RealPower(DecayRate, Curve.Decays(count, DecaySteps, Staircase));
}
