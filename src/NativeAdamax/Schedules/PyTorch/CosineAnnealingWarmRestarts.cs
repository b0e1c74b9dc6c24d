namespace NativeAdamax.Schedules.PyTorch;

/// <summary>
/// PyTorch's CosineAnnealingWarmRestarts: <c>etaMin + (base - etaMin) * (1 + cos(pi x)) / 2</c> where the part x of a
/// cycle has passed. The cycles are t0, t0 * tMult, t0 * tMult², ... long.
/// </summary>
/// <param name="baseLr">The rate at the start of a cycle; finite, 0 or above.</param>
/// <param name="t0">The first cycle's length; 1 or above.</param>
/// <param name="tMult">The factor from one cycle's length to the next one's; 1 or above.</param>
/// <param name="etaMin">The rate that the cosine aims at; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CosineAnnealingWarmRestarts(double baseLr, long t0, long tMult = 1, double etaMin = 0) : Schedule
{
    /// <summary>The rate at the start of a cycle.</summary>
    public double BaseLr { get; } = Check.LearningRate(baseLr, nameof(baseLr));

    /// <summary>The first cycle's length.</summary>
    public long T0 { get; } = Check.AtLeast(t0, 1, nameof(t0));

    /// <summary>The factor from one cycle's length to the next one's.</summary>
    public long TMult { get; } = Check.AtLeast(tMult, 1, nameof(tMult));

    /// <summary>The rate that the cosine aims at.</summary>
    public double EtaMin { get; } = Check.LearningRate(etaMin, nameof(etaMin));

    /// <inheritdoc/>
    protected override double Rate(long count) =>
        Curve.Cosine(BaseLr, EtaMin, Restarts.Locate(count, T0, TMult).Progress);
}
