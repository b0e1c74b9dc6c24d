namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's piecewise_interpolate_schedule: the values of a <see cref="PiecewiseConstantSchedule"/>, the first one at 0
/// and each of the others at its boundary, with a line or half a cosine between them; the last value after the last
/// boundary.
/// </summary>
/// <param name="interpolateType">The way between values.</param>
/// <param name="initValue">The rate at 0; finite, 0 or above.</param>
/// <param name="boundariesAndScales">
/// Counts, 0 or above and none twice, each with the factor from the value before to its own; finite, 0 or above.
/// </param>
/// <exception cref="ArgumentNullException"><paramref name="boundariesAndScales"/> is null.</exception>
/// <exception cref="ArgumentException">A boundary stands there twice.</exception>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class PiecewiseInterpolateSchedule(
    InterpolateType interpolateType, double initValue, IEnumerable<KeyValuePair<long, double>> boundariesAndScales)
    : Schedule
{
    private readonly ScaledBoundaries _nodes = new(initValue, boundariesAndScales);

    /// <summary>The way between values.</summary>
    public InterpolateType InterpolateType { get; } = Check.Defined(interpolateType, nameof(interpolateType));

    /// <summary>The counts of all values but the first, rising.</summary>
    public IReadOnlyList<long> Nodes => _nodes.Counts;

    /// <summary>The rate at 0 and at each of <see cref="Nodes"/>.</summary>
    public IReadOnlyList<double> Values => _nodes.Values;

    /// <inheritdoc/>
    protected override double Rate(long count) => Along(InterpolateType, _nodes.Counts, _nodes.Values, count);

    /// <summary>The value at a count between values[i] at 0, and at counts[i - 1] from the second on.</summary>
    internal static double Along(InterpolateType type, long[] counts, double[] values, long count)
    {
        int i = Boundaries.Reached(counts, count);
        if (i == counts.Length)
            return values[^1];
        long start = i == 0 ? 0 : counts[i - 1];
        double x = Curve.Progress(count - start, counts[i] - start);
        return type == InterpolateType.Linear
            ? Curve.Linear(values[i], values[i + 1], x)
            : Curve.Cosine(values[i], values[i + 1], x);
    }
}
