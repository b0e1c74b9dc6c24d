namespace NativeAdamax.Schedules.PyTorch;

/// <summary>
/// PyTorch's SequentialLR: scheduler i + 1 from <c>e >= milestones[i]</c> on, which it sees as
/// <c>e - milestones[i]</c>.
/// </summary>
/// <param name="schedulers">At least one, none null; numbers and functions too.</param>
/// <param name="milestones">One fewer than schedulers; 0 or above, rising.</param>
/// <exception cref="ArgumentNullException">An argument is null.</exception>
/// <exception cref="ArgumentException">
/// The counts do not match, a scheduler is null, or the milestones do not rise.
/// </exception>
/// <exception cref="ArgumentOutOfRangeException">A milestone is negative.</exception>
public sealed class SequentialLR(IEnumerable<LearningRate> schedulers, IEnumerable<long> milestones)
    : JoinedSchedule(schedulers, nameof(schedulers), milestones, nameof(milestones));
