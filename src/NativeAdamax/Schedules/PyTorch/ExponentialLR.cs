using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's ExponentialLR: <c>base * gamma^e</c>.</summary>
/// <param name="baseLr">The rate at 0; finite, 0 or above.</param>
/// <param name="gamma">The factor of a count; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class ExponentialLR(double baseLr, double gamma) : FactorLR(baseLr)
{
    /// <summary>The factor of a count.</summary>
    public double Gamma { get; } = Check.NotNegative(gamma, nameof(gamma));

    /// <inheritdoc/>
    protected override double Factor(long count) => FixedMath.RealPower(Gamma, count);
}
