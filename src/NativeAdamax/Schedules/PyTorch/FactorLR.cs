namespace NativeAdamax.Schedules.PyTorch;

/// <summary>A base rate times a factor that depends on the count. Such schedules can be chained.</summary>
/// <param name="baseLr">The base rate; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="baseLr"/> is out of its range.</exception>
public abstract class FactorLR(double baseLr) : Schedule
{
    /// <summary>The base rate.</summary>
    public double BaseLr { get; } = Check.LearningRate(baseLr, nameof(baseLr));

    /// <summary>What the base rate is multiplied by at a count.</summary>
    /// <param name="count">0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public double FactorAt(long count) => Factor(Check.AtLeast(count, 0, nameof(count)));

    /// <inheritdoc/>
    protected sealed override double Rate(long count) => BaseLr * Factor(count);

    /// <summary>What the base rate is multiplied by at a count that is 0 or above.</summary>
    protected abstract double Factor(long count);
}
