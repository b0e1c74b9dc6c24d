namespace NativeAdamax.Schedules.PyTorch;

/// <summary>
/// PyTorch's CosineAnnealingLR: <c>etaMin + (base - etaMin) * (1 + cos(pi e / tMax)) / 2</c>, down to etaMin at tMax,
/// back up to the base rate at 2 tMax, and so on.
/// </summary>
/// <param name="baseLr">The rate at 0; finite, 0 or above.</param>
/// <param name="tMax">Half of the period; 1 or above.</param>
/// <param name="etaMin">The rate at tMax; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CosineAnnealingLR(double baseLr, long tMax, double etaMin = 0) : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double BaseLr { get; } = Check.LearningRate(baseLr, nameof(baseLr));

    /// <summary>Half of the period.</summary>
    public long TMax { get; } = Check.AtLeast(tMax, 1, nameof(tMax));

    /// <summary>The rate at <see cref="TMax"/>.</summary>
    public double EtaMin { get; } = Check.LearningRate(etaMin, nameof(etaMin));

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        bool up = (count / TMax & 1) != 0;
        long passed = count % TMax;
        return Curve.Cosine(BaseLr, EtaMin, Curve.Progress(up ? TMax - passed : passed, TMax));
    }
}
