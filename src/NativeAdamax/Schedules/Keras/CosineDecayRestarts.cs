using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.Keras;

/// <summary>
/// Keras's CosineDecayRestarts: <c>initial * ((1 - alpha) * mMul^i * (1 + cos(pi x)) / 2 + alpha)</c> in cycle i, of
/// which the part x has passed. The cycles are firstDecaySteps, firstDecaySteps * tMul, firstDecaySteps * tMul², ...
/// long. mMul does not lower the floor.
/// </summary>
/// <param name="initialLearningRate">The rate at 0; finite, 0 or above.</param>
/// <param name="firstDecaySteps">Steps of the first cycle; 1 or above.</param>
/// <param name="tMul">The factor from one cycle's length to the next one's; finite, 1 or above.</param>
/// <param name="mMul">The factor from one cycle's height above the floor to the next one's; finite, 0 or above.</param>
/// <param name="alpha">The floor as a part of the initial rate; from 0 to 1.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CosineDecayRestarts(
    double initialLearningRate, long firstDecaySteps, double tMul = 2, double mMul = 1, double alpha = 0)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitialLearningRate { get; } = Check.LearningRate(initialLearningRate, nameof(initialLearningRate));

    /// <summary>Steps of the first cycle.</summary>
    public long FirstDecaySteps { get; } = Check.AtLeast(firstDecaySteps, 1, nameof(firstDecaySteps));

    /// <summary>The factor from one cycle's length to the next one's.</summary>
    public double TMul { get; } = tMul >= 1
        ? Check.NotNegative(tMul, nameof(tMul))
        : throw Check.OutOfRange(tMul, nameof(tMul), "finite and 1 or above");

    /// <summary>The factor from one cycle's height above the floor to the next one's.</summary>
    public double MMul { get; } = Check.NotNegative(mMul, nameof(mMul));

    /// <summary>The floor as a part of the initial rate.</summary>
    public double Alpha { get; } = Check.Fraction(alpha, nameof(alpha));

    internal override bool IsWhole => double.IsInteger(InitialLearningRate) && InitialLearningRate > 0;

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        (long cycle, double x) = Restarts.Locate(count, FirstDecaySteps, TMul);
        double height = FixedMath.RealPower(MMul, cycle) * Curve.CosineShare(x);
        return InitialLearningRate * ((1 - Alpha) * height + Alpha);
    }
}
