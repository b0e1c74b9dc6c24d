using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's exponential_decay: <c>init * decayRate^(c / N)</c> with N = transitionSteps and c = s - transitionBegin, the
/// quotient rounded down in a staircase; init up to c = 0. An end value bounds it: from below where the rate falls,
/// from above where it grows. A decay rate of 0 and an N of 0 or below mean init for ever.
/// </summary>
/// <param name="initValue">The rate at first; finite, 0 or above.</param>
/// <param name="transitionSteps">Steps of one decay.</param>
/// <param name="decayRate">The factor of one decay; finite, 0 or above.</param>
/// <param name="transitionBegin">The last step with the first rate; 0 or above.</param>
/// <param name="staircase">Decay at once at the end of each <paramref name="transitionSteps"/>.</param>
/// <param name="endValue">The bound; finite, 0 or above. Null: none.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class ExponentialDecay(
    double initValue, long transitionSteps, double decayRate, long transitionBegin = 0, bool staircase = false,
    double? endValue = null)
    : Schedule
{
    /// <summary>The rate at first.</summary>
    public double InitValue { get; } = Check.LearningRate(initValue, nameof(initValue));

    /// <summary>Steps of one decay; 0 or below: no decay.</summary>
    public long TransitionSteps { get; } = transitionSteps;

    /// <summary>The factor of one decay; 0: no decay.</summary>
    public double DecayRate { get; } = Check.NotNegative(decayRate, nameof(decayRate));

    /// <summary>The last step with the first rate.</summary>
    public long TransitionBegin { get; } = Check.AtLeast(transitionBegin, 0, nameof(transitionBegin));

    /// <summary>Whether whole decays count only.</summary>
    public bool Staircase { get; } = staircase;

    /// <summary>The bound; null: none.</summary>
    public double? EndValue { get; } = endValue is { } end ? Check.LearningRate(end, nameof(endValue)) : null;

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        if (TransitionSteps <= 0 || DecayRate == 0 || count <= TransitionBegin)
            return InitValue;
        double decays = Curve.Decays(count - TransitionBegin, TransitionSteps, Staircase);
        double rate = InitValue * FixedMath.RealPower(DecayRate, decays);
        if (EndValue is not { } end)
            return rate;
        return DecayRate < 1 ? Math.Max(rate, end) : Math.Min(rate, end);
    }
}
