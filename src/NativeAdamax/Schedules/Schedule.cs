namespace NativeAdamax.Schedules;

/// <summary>
/// A learning rate as a function of the count that the optimizer's dialect shows: of the steps before this one (0, 1,
/// 2, ...), or with MXNet of the updates with this one (1, 2, 3, ...). While it rules, the optimizer refuses to be
/// given a number.
/// </summary>
/// <remarks>
/// The schedules of a system stand in a namespace of its name, under that system's names and with its boundaries
/// (<c>docs/schedules.md</c>). They are functions of the count alone, so that a run resumed at a count goes on as if it
/// had not stopped, except those that are told a metric. All are computed in double, with the same bits on every
/// platform.
/// </remarks>
public abstract class Schedule : LearningRate
{
    /// <summary>The learning rate at a count.</summary>
    /// <param name="count">0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public sealed override double At(long count) => Rate(Check.AtLeast(count, 0, nameof(count)));

    /// <summary>The learning rates at <paramref name="count"/> counts from <paramref name="from"/> on.</summary>
    /// <param name="from">The first count; 0 or above.</param>
    /// <param name="count">How many; 0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or the last count exceeds 64 bits.</exception>
    public double[] Sample(long from, int count)
    {
        Check.AtLeast(from, 0, nameof(from));
        Check.AtLeast(count, 0, nameof(count));
        if (from > long.MaxValue - count)
            throw Check.OutOfRange(from, nameof(from), $"at most {long.MaxValue - count}");
        double[] rates = new double[count];
        for (int i = 0; i < count; i++)
            rates[i] = At(from + i);
        return rates;
    }

    /// <summary>
    /// This schedule at the count divided by <paramref name="steps"/>, rounded down: a schedule of epochs where an
    /// epoch has that many steps.
    /// </summary>
    /// <param name="steps">1 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public Schedule Every(long steps) => new Stretched(this, Check.AtLeast(steps, 1, nameof(steps)));

    /// <summary>Whether it starts from a number that a user of the system could have written as an integer.</summary>
    internal virtual bool IsWhole => false;

    /// <summary>The learning rate at a count that is 0 or above.</summary>
    protected abstract double Rate(long count);

    private sealed class Stretched(Schedule inner, long steps) : Schedule
    {
        internal override IEnumerable<LearningRate> Inner => [inner];

        public override double? Beta1At(long count) => inner.Beta1At(count / steps);

        protected override double Rate(long count) => inner.At(count / steps);
    }
}
