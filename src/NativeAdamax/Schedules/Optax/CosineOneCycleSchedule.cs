namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's cosine_onecycle_schedule with N = transitionSteps: half a cosine from <c>peak / divFactor</c> at 0 to peak
/// at pctStart * N, rounded down, and one to <c>peak / divFactor / finalDivFactor</c> at N, which stays.
/// </summary>
/// <param name="transitionSteps">Steps of the cycle; 1 or above.</param>
/// <param name="peakValue">The highest rate; finite, 0 or above.</param>
/// <param name="pctStart">The part of the steps that rises; from 0 to 1.</param>
/// <param name="divFactor">The peak over the first rate; finite, above 0.</param>
/// <param name="finalDivFactor">The first rate over the last; finite, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CosineOneCycleSchedule(
    long transitionSteps, double peakValue, double pctStart = 0.3, double divFactor = 25, double finalDivFactor = 1e4)
    : Schedule
{
    private readonly long[] _counts =
    [
        (long)(Check.Fraction(pctStart, nameof(pctStart)) * transitionSteps),
        Check.AtLeast(transitionSteps, 1, nameof(transitionSteps)),
    ];

    private readonly double[] _values =
    [
        peakValue / divFactor,
        Check.LearningRate(peakValue, nameof(peakValue)),
        peakValue / Check.PositiveFinite(divFactor, nameof(divFactor))
            / Check.PositiveFinite(finalDivFactor, nameof(finalDivFactor)),
    ];

    /// <summary>The counts at which the halves end.</summary>
    public IReadOnlyList<long> Nodes => _counts;

    /// <summary>The rate at 0 and at each of <see cref="Nodes"/>.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <inheritdoc/>
    protected override double Rate(long count) =>
        PiecewiseInterpolateSchedule.Along(InterpolateType.Cosine, _counts, _values, count);
}
