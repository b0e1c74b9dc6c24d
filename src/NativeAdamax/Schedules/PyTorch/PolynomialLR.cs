namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's PolynomialLR: <c>base * (1 - min(e, N) / N)^power</c> with N = totalIters.</summary>
/// <param name="baseLr">The rate at 0; finite, 0 or above.</param>
/// <param name="totalIters">N, the first count with a rate of 0; 1 or above.</param>
/// <param name="power">The polynomial's power; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class PolynomialLR(double baseLr, long totalIters = 5, double power = 1) : FactorLR(baseLr)
{
    /// <summary>The first count with a rate of 0.</summary>
    public long TotalIters { get; } = Check.AtLeast(totalIters, 1, nameof(totalIters));

    /// <summary>The polynomial's power.</summary>
    public double Power { get; } = Check.NotNegative(power, nameof(power));

    /// <inheritdoc/>
    protected override double Factor(long count) => Curve.Polynomial(1, 0, Curve.Progress(count, TotalIters), Power);
}
