namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's LinearLR: <c>base * (start + (end - start) * min(e, N) / N)</c> with N = totalIters.</summary>
/// <param name="baseLr">The base rate; finite, 0 or above.</param>
/// <param name="startFactor">The factor at 0; from 0 to 1.</param>
/// <param name="endFactor">The factor from N on; from 0 to 1.</param>
/// <param name="totalIters">N; 1 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class LinearLR(double baseLr, double startFactor = 1.0 / 3, double endFactor = 1, long totalIters = 5)
    : FactorLR(baseLr)
{
    /// <summary>The factor at 0.</summary>
    public double StartFactor { get; } = Check.Fraction(startFactor, nameof(startFactor));

    /// <summary>The factor in the end.</summary>
    public double EndFactor { get; } = Check.Fraction(endFactor, nameof(endFactor));

    /// <summary>The first count with the last factor.</summary>
    public long TotalIters { get; } = Check.AtLeast(totalIters, 1, nameof(totalIters));

    /// <inheritdoc/>
    protected override double Factor(long count) =>
        Curve.Linear(StartFactor, EndFactor, Curve.Progress(count, TotalIters));
}
