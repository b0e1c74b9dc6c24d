using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Schedules;

/// <summary>Every schedule against its own system's rates.</summary>
public sealed class ScheduleTableTests
{
    /// <summary>Of the largest rate: what a handful of roundings come to when terms of its size are added.</summary>
    private const double Roundings = 4.0 / (1L << 52);

    /// <summary>
    /// PyTorch computes each rate from the one before, so that roundings add up over the 200 counts of a table.
    /// </summary>
    private const double RoundingsOfARecursion = 200.0 / (1L << 52);

    /// <summary>The same handful in float32, and a little more for powers: optax was run in float32 alone.</summary>
    private const double SingleRoundings = 16.0 / (1 << 24);

    public static TheoryData<string> Exact =>
        [.. ScheduleTable.All().Where(t => t.Exact is not null).Select(t => t.Name)];

    public static TheoryData<string> Single =>
        [.. ScheduleTable.All().Where(t => t is { Exact: null }).Select(t => t.Name)];

    public static TheoryData<string> Both =>
        [.. ScheduleTable.All().Where(t => t is { Exact: not null, Single: not null }).Select(t => t.Name)];

    [Theory]
    [InlineData("keras", 27)]
    [InlineData("mxnet", 9)]
    [InlineData("optax", 8)]
    [InlineData("torch", 22)]
    public void EverySystemsTableIsThere(string system, int schedules) =>
        Assert.Equal(schedules, ScheduleTable.All().Count(t => t.Name.Split(' ')[0] == system));

    [Theory]
    [MemberData(nameof(Exact))]
    public void TheRatesAreThoseOfTheSystemInDouble(string name)
    {
        ScheduleTable table = ScheduleTable.Load(name);
        double share = name.StartsWith("torch", StringComparison.Ordinal) ? RoundingsOfARecursion : Roundings;
        double slack = share * table.Exact!.Max();
        for (int i = 0; i < table.Counts.Length; i++)
        {
            if (IsExtrapolated(table, i))
                continue;
            AssertNear($"{name} at {table.Counts[i]}", table.Exact![i], table.Schedule.At(table.Counts[i]), slack);
            if (table.Beta1 is not null)
                AssertNear(
                    $"beta1 of {name} at {table.Counts[i]}", table.Beta1[i],
                    table.Schedule.Beta1At(table.Counts[i])!.Value, Roundings);
            if (table.Metrics is not null)
                ((ReduceLROnPlateau)table.Schedule).Report(table.Metrics[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Single))]
    public void TheRatesAreThoseOfTheSystemInSingle(string name)
    {
        ScheduleTable table = ScheduleTable.Load(name);
        double slack = SingleRoundings * table.Single!.Max();
        for (int i = 0; i < table.Counts.Length; i++)
            AssertNear($"{name} at {table.Counts[i]}", table.Single![i], table.Schedule.At(table.Counts[i]), slack);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void OurRatesInSingleAreAsNearToTheExactOnesAsTheSystemsOwn(string name)
    {
        ScheduleTable table = ScheduleTable.Load(name);
        for (int i = 0; i < table.Counts.Length; i++)
        {
            double exact = table.Exact![i];
            double bound = 1.1 * Math.Abs(table.Single![i] - exact) + 2 * Bits.Ulp(exact);
            AssertNear($"{name} at {table.Counts[i]}", exact, (float)table.Schedule.At(table.Counts[i]), bound);
        }
    }

    [Theory]
    [InlineData("torch onecycle")]
    [InlineData("torch onecycle_linear")]
    [InlineData("torch onecycle_three_phase")]
    public void OneCycleHoldsItsLastRateWhereTheSystemExtrapolates(string name)
    {
        ScheduleTable table = ScheduleTable.Load(name);
        int last = table.Counts.Length - 1;
        Assert.NotEqual(table.Exact![last - 1], table.Exact[last]);
        Assert.Equal(table.Schedule.At(last - 1), table.Schedule.At(last));
        Assert.Equal(table.Schedule.Beta1At(last - 1), table.Schedule.Beta1At(last));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Schedule.At(last + 1));
    }

    private static bool IsExtrapolated(ScheduleTable table, int i) =>
        table.Schedule is OneCycleLR cycle && table.Counts[i] == cycle.TotalSteps;

    private static void AssertNear(string what, double theirs, double ours, double slack) =>
        Assert.True(
            Math.Abs(theirs - ours) <= slack,
            $"{what}: {ours:R} is {Math.Abs(theirs - ours):g3} from {theirs:R}; the bound is {slack:g3}");
}
