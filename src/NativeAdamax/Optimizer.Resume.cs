namespace NativeAdamax;

/// <content>Counts that come from elsewhere as one.</content>
public abstract partial class Optimizer
{
    /// <summary>
    /// Goes on as after so many calls, of which each made or accumulated for an update: with the counts of all
    /// parameters and of the averages.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is negative.</exception>
    internal void GoOnAt(long calls)
    {
        (StepCount, _callsOfUpdate) = UpdatesIn(calls);
        CallCount = calls;
        foreach (Parameter parameter in Parameters)
        {
            ParameterState state = State(parameter);
            state.UpdateCount = StepCount;
        }

        if (Ema is not null)
        {
            Ema.State.Updates = Options.Rules.SeesEveryCall ? calls : StepCount;
            Ema.State.WeightUpdates = StepCount;
        }
    }

    private (long Updates, int Calls) UpdatesIn(long calls)
    {
        if (Options.AccumulationSchedule is not { } schedule)
        {
            int steps = Options.AccumulationSteps ?? 1;
            return (calls / steps, (int)(calls % steps));
        }

        if (calls > int.MaxValue)
            throw Check.OutOfRange(calls, nameof(calls), "below 2^31 where a function says how many an update takes");
        long updates = 0;
        for (; schedule(updates) <= calls; updates++)
            calls -= Math.Max(1, schedule(updates));
        return (updates, (int)calls);
    }
}
