namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's join_schedules: schedule i + 1 from <c>s >= boundaries[i]</c> on, which it sees as <c>s - boundaries[i]</c>.
/// </summary>
/// <param name="schedules">At least one, none null; numbers and functions too.</param>
/// <param name="boundaries">One fewer than schedules; 0 or above, rising.</param>
/// <exception cref="ArgumentNullException">An argument is null.</exception>
/// <exception cref="ArgumentException">
/// The counts do not match, a schedule is null, or the boundaries do not rise.
/// </exception>
/// <exception cref="ArgumentOutOfRangeException">A boundary is negative.</exception>
public sealed class JoinSchedules(IEnumerable<LearningRate> schedules, IEnumerable<long> boundaries)
    : JoinedSchedule(schedules, nameof(schedules), boundaries, nameof(boundaries));
