namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's sgdr_schedule: warm-ups with cosine decays one after the other, each as long as its decaySteps.
/// </summary>
/// <param name="cycles">At least one, none null.</param>
/// <exception cref="ArgumentNullException"><paramref name="cycles"/> is null.</exception>
/// <exception cref="ArgumentException">There is no cycle, or one is null.</exception>
public sealed class SgdrSchedule(IReadOnlyList<WarmupCosineDecaySchedule> cycles)
    : JoinedSchedule(cycles, nameof(cycles), Ends(cycles), nameof(cycles))
{
    private static IEnumerable<long> Ends(IReadOnlyList<WarmupCosineDecaySchedule> cycles)
    {
        long end = 0;
        foreach (WarmupCosineDecaySchedule cycle in cycles.SkipLast(1))
            yield return end += cycle.DecaySteps;
    }
}
