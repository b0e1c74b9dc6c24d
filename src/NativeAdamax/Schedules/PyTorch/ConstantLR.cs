namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's ConstantLR: <c>base * factor</c> for e below totalIters, and base from there on.</summary>
/// <param name="baseLr">The rate in the end; finite, 0 or above.</param>
/// <param name="factor">The factor at first; from 0 to 1.</param>
/// <param name="totalIters">The first count without the factor; 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class ConstantLR(double baseLr, double factor = 1.0 / 3, long totalIters = 5) : FactorLR(baseLr)
{
    private readonly double _factor = Check.Fraction(factor, nameof(factor));

    /// <summary>The first count without the factor.</summary>
    public long TotalIters { get; } = Check.AtLeast(totalIters, 0, nameof(totalIters));

    /// <inheritdoc/>
    protected override double Factor(long count) => count < TotalIters ? _factor : 1;
}
