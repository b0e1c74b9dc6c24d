using NativeAdamax.Schedules.Optax;
using NativeAdamax.Schedules.PyTorch;

namespace NativeAdamax.Tests.Schedules;

public sealed class PlateauTests
{
    [Fact]
    public void PyTorchReducesAtTheFirstMetricAboveItsPatience()
    {
        var schedule = new ReduceLROnPlateau(1, factor: 0.5, patience: 2);
        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25], After(schedule, 3, 3, 3, 3, 3, 3, 3));
    }

    [Fact]
    public void OptaxReducesAtThePatienceThMean()
    {
        var schedule = new ReduceOnPlateau(1.0, factor: 0.5, patience: 2);
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25, 0.25], After(schedule, 3, 3, 3, 3, 3, 2, 2));
    }

    [Fact]
    public void AnImprovementStartsTheCountAgain()
    {
        Assert.Equal([1, 1, 1, 1, 0.5], After(new ReduceLROnPlateau(1, factor: 0.5, patience: 1), 3, 3, 2, 2, 2));
        Assert.Equal([1, 1, 1, 1, 0.5], After(new ReduceOnPlateau(1.0, factor: 0.5, patience: 2), 3, 3, 2, 2, 2));
    }

    [Fact]
    public void ACooldownIsNotCounted()
    {
        Assert.Equal(
            [1, 0.5, 0.5, 0.5, 0.25],
            After(new ReduceLROnPlateau(1, factor: 0.5, patience: 0, cooldown: 2), 3, 3, 3, 3, 3));
        Assert.Equal(
            [1, 0.5, 0.5, 0.5, 0.25],
            After(new ReduceOnPlateau(1.0, factor: 0.5, patience: 1, cooldown: 2), 3, 3, 3, 3, 3));
    }

    [Fact]
    public void AnImprovementDuringACooldownIsRemembered()
    {
        Assert.Equal(
            [1, 0.5, 0.5, 0.25], After(new ReduceLROnPlateau(1, factor: 0.5, patience: 0, cooldown: 1), 3, 3, 2, 2.5));
        Assert.Equal(
            [1, 0.5, 0.5, 0.25], After(new ReduceOnPlateau(1.0, factor: 0.5, patience: 1, cooldown: 1), 3, 3, 2, 2.5));
    }

    [Theory]
    [InlineData(PlateauMode.Min, ThresholdMode.Rel, 90)]
    [InlineData(PlateauMode.Min, ThresholdMode.Abs, 99.9)]
    [InlineData(PlateauMode.Max, ThresholdMode.Rel, 110)]
    [InlineData(PlateauMode.Max, ThresholdMode.Abs, 100.1)]
    public void PyTorchCountsAnImprovementBeyondTheThresholdOnly(
        PlateauMode mode, ThresholdMode thresholdMode, double bar)
    {
        double better = mode == PlateauMode.Min ? -1e-6 : 1e-6;
        ReduceLROnPlateau Make() => new(1, mode, 0.5, 0, 0.1, thresholdMode);
        Assert.Equal([1, 1], After(Make(), 100, bar + better));
        Assert.Equal([1, 0.5], After(Make(), 100, bar - better));
    }

    [Theory]
    [InlineData(0.1, 0, 90)]
    [InlineData(0, 2, 98)]
    [InlineData(0.1, 2, 88)]
    public void OptaxCountsAnImprovementBeyondBothTolerancesOnly(double rtol, double atol, double bar)
    {
        ReduceOnPlateau Make() => new(1.0, 0.5, 1, rtol, atol);
        Assert.Equal([1, 1], After(Make(), 100, bar - 1e-6));
        Assert.Equal([1, 0.5], After(Make(), 100, bar + 1e-6));
    }

    [Fact]
    public void AToleranceOfEverythingStillTakesTheFirstValue() =>
        Assert.Equal([1, 1, 0.5], After(new ReduceOnPlateau(1.0, 0.5, 2, rtol: 1), 100, 99, 98));

    [Fact]
    public void ANaNIsNoImprovement()
    {
        Assert.Equal(
            [1, 0.5, 0.25], After(new ReduceLROnPlateau(1, factor: 0.5, patience: 0), 3, double.NaN, double.NaN));
        Assert.Equal(
            [1, 0.5, 0.25], After(new ReduceOnPlateau(1.0, factor: 0.5, patience: 1), 3, double.NaN, double.NaN));
    }

    [Fact]
    public void AReductionStopsAtTheFloorAndATinyOneIsNotMade()
    {
        Assert.Equal(
            [1, 0.5, 0.4, 0.4], After(new ReduceLROnPlateau(1, factor: 0.5, patience: 0, minLr: 0.4), 3, 3, 3, 3));
        Assert.Equal([1, 1, 1], After(new ReduceLROnPlateau(1, factor: 0.5, patience: 0, eps: 0.5), 3, 3, 3));
        Assert.Equal(
            [1, 0.5, 0.4, 0.4], After(new ReduceOnPlateau(1.0, factor: 0.5, patience: 1, minScale: 0.4), 3, 3, 3, 3));
    }

    [Fact]
    public void OptaxJudgesMeans() =>
        Assert.Equal(
            [1, 1, 1, 0.5, 0.5, 0.5], After(new ReduceOnPlateau(1.0, 0.5, 1, accumulationSize: 2), 4, 2, 5, 1, 1, 1));

    [Fact]
    public void OptaxScalesAnySchedule()
    {
        var schedule = new ReduceOnPlateau(new LinearSchedule(1, 0, 10), 0.5, 1);
        Assert.Equal([1, 1], After(schedule, 3, 2));
        Assert.Equal(0.7, schedule.At(3));
        schedule.Report(2);
        Assert.Equal((0.5, 0.35), (schedule.Scale, schedule.At(3)));
    }

    private static double[] After(ReduceLROnPlateau schedule, params double[] metrics) => [.. metrics.Select(metric =>
    {
        schedule.Report(metric);
        return schedule.At(7);
    })];

    private static double[] After(ReduceOnPlateau schedule, params double[] values) => [.. values.Select(value =>
    {
        schedule.Report(value);
        return schedule.At(0);
    })];
}
