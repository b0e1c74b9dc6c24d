namespace NativeAdamax.Schedules.PyTorch;

/// <summary>
/// PyTorch's OneCycleLR with N = totalSteps: the rate goes from <c>maxLr / divFactor</c> at 0 to maxLr at pctStart * N
/// - 1, and to <c>maxLr / divFactor / finalDivFactor</c> at N - 1. With three phases it passes <c>maxLr / divFactor</c>
/// once more, at 2 * pctStart * N - 2. beta1 goes the other way: from maxMomentum to baseMomentum and back, where it
/// stays in a third phase.
/// </summary>
/// <remarks>
/// The counts are 0 to N - 1. At N the values stay, where PyTorch extrapolates, upwards or below 0; a count above N is
/// refused, as in PyTorch.
/// </remarks>
/// <param name="maxLr">The highest rate; finite, 0 or above.</param>
/// <param name="totalSteps">N, epochs times steps of an epoch; 1 or above.</param>
/// <param name="pctStart">The part of the steps in which the rate rises; from 0 to 1.</param>
/// <param name="annealStrategy">The way between the values.</param>
/// <param name="cycleMomentum">Whether beta1 is cycled as well.</param>
/// <param name="baseMomentum">The lowest beta1; 0 or above and below 1.</param>
/// <param name="maxMomentum">The highest beta1; 0 or above and below 1.</param>
/// <param name="divFactor">The highest rate over the first; finite, above 0.</param>
/// <param name="finalDivFactor">The first rate over the last; finite, above 0.</param>
/// <param name="threePhase">Whether the rate first goes back to where it began, and only then to the last one.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class OneCycleLR(
    double maxLr, long totalSteps, double pctStart = 0.3, AnnealStrategy annealStrategy = AnnealStrategy.Cos,
    bool cycleMomentum = true, double baseMomentum = 0.85, double maxMomentum = 0.95, double divFactor = 25,
    double finalDivFactor = 1e4, bool threePhase = false)
    : Schedule
{
    private readonly double[] _ends = threePhase
        ? [0, pctStart * totalSteps - 1, 2 * pctStart * totalSteps - 2, totalSteps - 1.0]
        : [0, pctStart * totalSteps - 1, totalSteps - 1.0];

    /// <summary>The highest rate.</summary>
    public double MaxLr { get; } = Check.LearningRate(maxLr, nameof(maxLr));

    /// <summary>The number of steps.</summary>
    public long TotalSteps { get; } = Check.AtLeast(totalSteps, 1, nameof(totalSteps));

    /// <summary>The part of the steps in which the rate rises.</summary>
    public double PctStart { get; } = Check.Fraction(pctStart, nameof(pctStart));

    /// <summary>The way between the values.</summary>
    public AnnealStrategy AnnealStrategy { get; } = Check.Defined(annealStrategy, nameof(annealStrategy));

    /// <summary>Whether beta1 is cycled as well.</summary>
    public bool CycleMomentum { get; } = cycleMomentum;

    /// <summary>The lowest beta1.</summary>
    public double BaseMomentum { get; } = Check.Beta(baseMomentum, nameof(baseMomentum));

    /// <summary>The highest beta1.</summary>
    public double MaxMomentum { get; } = Check.Beta(maxMomentum, nameof(maxMomentum));

    /// <summary>Whether there is a third phase.</summary>
    public bool ThreePhase => _ends.Length > 3;

    /// <summary>The rate at 0.</summary>
    public double InitialLr { get; } = maxLr / Check.PositiveFinite(divFactor, nameof(divFactor));

    /// <summary>The rate in the end.</summary>
    public double MinLr { get; } = maxLr / divFactor / Check.PositiveFinite(finalDivFactor, nameof(finalDivFactor));

    /// <summary>beta1 at a count; null without the cycle of beta1.</summary>
    /// <param name="count">From 0 to the number of steps.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    public override double? Beta1At(long count)
    {
        if (!CycleMomentum)
            return null;
        (int phase, double x) = Phase(Check.AtLeast(count, 0, nameof(count)));
        return phase switch
        {
            0 => Anneal(MaxMomentum, BaseMomentum, x),
            1 => Anneal(BaseMomentum, MaxMomentum, x),
            _ => MaxMomentum,
        };
    }

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        (int phase, double x) = Phase(count);
        return phase switch
        {
            0 => Anneal(InitialLr, MaxLr, x),
            1 => Anneal(MaxLr, ThreePhase ? InitialLr : MinLr, x),
            _ => Anneal(InitialLr, MinLr, x),
        };
    }

    private double Anneal(double from, double to, double x) =>
        AnnealStrategy == AnnealStrategy.Cos ? Curve.Cosine(from, to, x) : Curve.Linear(from, to, x);

    /// <summary>Phases end at fractions of steps. One without length is passed over.</summary>
    private (int Phase, double Progress) Phase(long count)
    {
        if (count > TotalSteps)
            throw Check.OutOfRange(count, nameof(count), $"at most the number of steps, {TotalSteps}");
        int phase = 0;
        while (phase < _ends.Length - 2 && count > _ends[phase + 1])
            phase++;
        double length = _ends[phase + 1] - _ends[phase];
        return (phase, length > 0 ? Math.Clamp((count - _ends[phase]) / length, 0, 1) : 1);
    }
}
