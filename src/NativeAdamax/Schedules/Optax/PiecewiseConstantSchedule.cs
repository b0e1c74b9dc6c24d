namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's piecewise_constant_schedule: init times the scale of every boundary with <c>s >= boundary</c>. At a boundary
/// the new value holds already, which in Keras is the old one's last step.
/// </summary>
/// <param name="initValue">The rate at first; finite, 0 or above.</param>
/// <param name="boundariesAndScales">
/// Counts, 0 or above and none twice, each with the factor from there on; finite, 0 or above.
/// </param>
/// <exception cref="ArgumentNullException"><paramref name="boundariesAndScales"/> is null.</exception>
/// <exception cref="ArgumentException">A boundary stands there twice.</exception>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class PiecewiseConstantSchedule(
    double initValue, IEnumerable<KeyValuePair<long, double>> boundariesAndScales)
    : Schedule
{
    private readonly ScaledBoundaries _pieces = new(initValue, boundariesAndScales);

    /// <summary>The counts at which the rate changes, rising.</summary>
    public IReadOnlyList<long> Starts => _pieces.Counts;

    /// <summary>The rate at first, and from each of <see cref="Starts"/> on.</summary>
    public IReadOnlyList<double> Values => _pieces.Values;

    /// <inheritdoc/>
    protected override double Rate(long count) => _pieces.Values[Boundaries.Reached(_pieces.Counts, count)];
}
