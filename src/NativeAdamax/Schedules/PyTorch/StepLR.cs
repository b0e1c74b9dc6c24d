using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's StepLR: <c>base * gamma^k</c> with k = e / stepSize rounded down.</summary>
/// <param name="baseLr">The rate at 0; finite, 0 or above.</param>
/// <param name="stepSize">Counts from one drop to the next; 1 or above.</param>
/// <param name="gamma">The factor of a drop; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class StepLR(double baseLr, long stepSize, double gamma = 0.1) : FactorLR(baseLr)
{
    /// <summary>Counts from one drop to the next.</summary>
    public long StepSize { get; } = Check.AtLeast(stepSize, 1, nameof(stepSize));

    /// <summary>The factor of a drop.</summary>
    public double Gamma { get; } = Check.NotNegative(gamma, nameof(gamma));

    /// <inheritdoc/>
    protected override double Factor(long count) => FixedMath.RealPower(Gamma, count / StepSize);
}
