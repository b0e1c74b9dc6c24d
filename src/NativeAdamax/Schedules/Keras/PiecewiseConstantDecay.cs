namespace NativeAdamax.Schedules.Keras;

/// <summary>
/// Keras's PiecewiseConstantDecay: <c>values[i]</c> where <c>boundaries[i - 1] &lt; s &lt;= boundaries[i]</c>. At a
/// boundary the old value still holds, which in optax is the new one's first step.
/// </summary>
public sealed class PiecewiseConstantDecay : Schedule
{
    private readonly long[] _boundaries;
    private readonly double[] _values;

    /// <summary>A value for each interval between boundaries.</summary>
    /// <param name="boundaries">The last steps of all values but the last; 0 or above, rising.</param>
    /// <param name="values">One more than boundaries; finite, 0 or above.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The counts do not match, or the boundaries do not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A boundary or a value is out of its range.</exception>
    public PiecewiseConstantDecay(IEnumerable<long> boundaries, IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _boundaries = Schedules.Boundaries.Rising(boundaries, 0, nameof(boundaries));
        _values = [.. values.Select(value => Check.LearningRate(value, nameof(values)))];
        if (_values.Length != _boundaries.Length + 1)
        {
            throw new ArgumentException(
                $"{_boundaries.Length} boundaries need {_boundaries.Length + 1} values, not {_values.Length}.",
                nameof(values));
        }
    }

    /// <summary>The last steps of all values but the last.</summary>
    public IReadOnlyList<long> Boundaries => _boundaries;

    /// <summary>The value of each interval.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <inheritdoc/>
    protected override double Rate(long count) => _values[Schedules.Boundaries.Reached(_boundaries, count - 1)];
}
