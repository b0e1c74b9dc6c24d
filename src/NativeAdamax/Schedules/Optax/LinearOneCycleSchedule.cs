namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's linear_onecycle_schedule with N = transitionSteps: a line from <c>peak / divFactor</c> at 0 to peak at
/// pctStart * N, one back to <c>peak / divFactor</c> at pctFinal * N, one to <c>peak / divFactor / finalDivFactor</c>
/// at N, which stays. The counts are rounded down.
/// </summary>
/// <param name="transitionSteps">Steps of the cycle; 1 or above.</param>
/// <param name="peakValue">The highest rate; finite, 0 or above.</param>
/// <param name="pctStart">The part of the steps that rises; from 0 to 1.</param>
/// <param name="pctFinal">
/// The part of the steps after which the rate is back; from <paramref name="pctStart"/> to 1.
/// </param>
/// <param name="divFactor">The peak over the first rate; finite, above 0.</param>
/// <param name="finalDivFactor">The first rate over the last; finite, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class LinearOneCycleSchedule(
    long transitionSteps, double peakValue, double pctStart = 0.3, double pctFinal = 0.85, double divFactor = 25,
    double finalDivFactor = 1e4)
    : Schedule
{
    private readonly long[] _counts =
    [
        (long)(Check.Fraction(pctStart, nameof(pctStart)) * transitionSteps),
        (long)(FractionAfter(pctFinal, pctStart) * transitionSteps),
        Check.AtLeast(transitionSteps, 1, nameof(transitionSteps)),
    ];

    private readonly double[] _values =
    [
        peakValue / divFactor,
        Check.LearningRate(peakValue, nameof(peakValue)),
        peakValue / Check.PositiveFinite(divFactor, nameof(divFactor)),
        peakValue / divFactor / Check.PositiveFinite(finalDivFactor, nameof(finalDivFactor)),
    ];

    /// <summary>The counts at which lines end.</summary>
    public IReadOnlyList<long> Nodes => _counts;

    /// <summary>The rate at 0 and at each of <see cref="Nodes"/>.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <inheritdoc/>
    protected override double Rate(long count) =>
        PiecewiseInterpolateSchedule.Along(InterpolateType.Linear, _counts, _values, count);

    private static double FractionAfter(double pctFinal, double pctStart) => pctFinal >= pctStart
        ? Check.Fraction(pctFinal, nameof(pctFinal))
        : throw Check.OutOfRange(pctFinal, nameof(pctFinal), $"from pctStart, {pctStart}, to 1");
}
