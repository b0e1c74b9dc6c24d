namespace NativeAdamax.Styles.Optax;

/// <summary>A number without a state, or a schedule with a count of its own.</summary>
internal static class Scheduled
{
    public static TransformState Init(LearningRate rate) =>
        rate is LearningRate.Number ? new EmptyState() : new ScaleByScheduleState(0);

    /// <summary>The value for this update, and the state for the next.</summary>
    /// <exception cref="ArgumentException">The state is of another transformation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A schedule answers with a number out of its range.</exception>
    public static (double Value, TransformState State) Next(LearningRate rate, TransformState state)
    {
        switch (rate, state)
        {
            case (LearningRate.Number, EmptyState):
                return (rate.At(0), state);
            case (not LearningRate.Number, ScaleByScheduleState { Count: long count }):
                Check.AtLeast(count, 0, nameof(ScaleByScheduleState.Count));
                return (Check.LearningRate(rate.At(count)), new ScaleByScheduleState(Math.Max(count, count + 1)));
            default:
                throw new ArgumentException(
                    $"The state is {state.GetType().Name} where {Init(rate).GetType().Name} belongs.", nameof(state));
        }
    }
}
