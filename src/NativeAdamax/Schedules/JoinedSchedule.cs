namespace NativeAdamax.Schedules;

/// <summary>Schedules one after the other. Each counts from 0 where it begins.</summary>
public abstract class JoinedSchedule : Schedule
{
    private readonly LearningRate[] _schedules;
    private readonly long[] _boundaries;

    private protected JoinedSchedule(
        IEnumerable<LearningRate> schedules, string schedulesName, IEnumerable<long> boundaries, string boundariesName)
    {
        ArgumentNullException.ThrowIfNull(schedules, schedulesName);
        _schedules = [.. schedules];
        if (_schedules.Length == 0 || _schedules.Contains(null!))
            throw new ArgumentException("There must be one schedule at least, and none null.", schedulesName);
        _boundaries = Boundaries.Rising(boundaries, 0, boundariesName);
        if (_boundaries.Length != _schedules.Length - 1)
        {
            throw new ArgumentException(
                $"{_schedules.Length} schedules need {_schedules.Length - 1} boundaries between them, "
                + $"not {_boundaries.Length}.",
                boundariesName);
        }
    }

    /// <summary>In the order of their turns.</summary>
    public IReadOnlyList<LearningRate> Schedules => _schedules;

    /// <summary>The counts at which the second, third, ... schedule begins.</summary>
    public IReadOnlyList<long> Starts => _boundaries;

    internal override IEnumerable<LearningRate> Inner => _schedules;

    /// <inheritdoc/>
    public override double? Beta1At(long count)
    {
        (LearningRate schedule, long own) = Turn(Check.AtLeast(count, 0, nameof(count)));
        return schedule.Beta1At(own);
    }

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        (LearningRate schedule, long own) = Turn(count);
        return schedule.At(own);
    }

    private (LearningRate Schedule, long Count) Turn(long count)
    {
        int turn = Boundaries.Reached(_boundaries, count);
        return (_schedules[turn], turn == 0 ? count : count - _boundaries[turn - 1]);
    }
}
