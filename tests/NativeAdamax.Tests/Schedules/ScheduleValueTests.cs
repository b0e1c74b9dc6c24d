using NativeAdamax.Schedules;
using NativeAdamax.Schedules.PyTorch;
using Keras = NativeAdamax.Schedules.Keras;
using MXNet = NativeAdamax.Schedules.MXNet;
using Optax = NativeAdamax.Schedules.Optax;

namespace NativeAdamax.Tests.Schedules;

/// <summary>Rates at 0, 1, 2, ... that the systems print, or that follow from their formulas by hand.</summary>
public sealed class ScheduleValueTests
{
    private static readonly Dictionary<long, double> HalfThenTenth = new() { [5] = 0.1, [2] = 0.5 };

    private static readonly Dictionary<string, (Schedule Schedule, double[] Rates)> Cases = new()
    {
        // Six digits of the systems' own values.
        ["Keras piecewise"] = (
            new Keras.PiecewiseConstantDecay([2, 5], [1, 0.5, 0.1]), [1, 1, 1, 0.5, 0.5, 0.5, 0.1, 0.1]),
        ["optax piecewise"] = (
            new Optax.PiecewiseConstantSchedule(1, HalfThenTenth), [1, 1, 0.5, 0.5, 0.5, 0.05, 0.05]),
        ["Keras polynomial"] = (
            new Keras.PolynomialDecay(1, 4, 0.1, 2, cycle: true),
            [1, 0.60625, 0.325, 0.15625, 0.1, 0.226562, 0.15625, 0.114063, 0.1, 0.15625]),
        ["optax polynomial"] = (new Optax.PolynomialSchedule(1, 0.1, 2, 4, 1), [1, 1, 0.60625, 0.325, 0.15625, 0.1]),
        ["Keras cosine"] = (new Keras.CosineDecay(0, 4, 0.1, 1, 2), [0, 0.5, 1, 0.868198, 0.55, 0.231802, 0.1, 0.1]),
        ["Keras cosine without target"] = (
            new Keras.CosineDecay(1, 4, warmupSteps: 9), [1, 0.853553, 0.5, 0.146447, 0, 0]),
        ["Keras restarts"] = (
            new Keras.CosineDecayRestarts(1, 3, 2, 0.5, 0.1),
            [1, 0.775, 0.325, 0.55, 0.519856, 0.4375, 0.325, 0.2125, 0.130144, 0.325, 0.321167, 0.309928]),
        ["optax cosine"] = (new Optax.CosineDecaySchedule(1, 4, 0.1, 2), [1, 0.755698, 0.325, 0.119302, 0.1]),
        ["optax warm-up and cosine"] = (
            new Optax.WarmupCosineDecaySchedule(0, 1, 4, 10, 0.1),
            [0, 0.25, 0.5, 0.75, 1, 0.939711, 0.775, 0.55, 0.325, 0.160289, 0.1]),
        ["optax exponential"] = (
            new Optax.ExponentialDecay(1, 4, 0.5, 1, true, 0.2),
            [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2]),

        // By hand.
        ["optax constant"] = (new Optax.ConstantSchedule(0.3), [0.3, 0.3]),
        ["optax warm-up"] = (new Optax.WarmupConstantSchedule(0.2, 1, 4), [0.2, 0.4, 0.6, 0.8, 1, 1]),
        ["optax no transition"] = (new Optax.PolynomialSchedule(0.7, 0.1, 2, 0), [0.7, 0.7]),
        ["optax no decay"] = (new Optax.ExponentialDecay(0.7, 3, 0), [0.7, 0.7, 0.7, 0.7]),
        ["optax growth"] = (new Optax.ExponentialDecay(1, 1, 2, endValue: 5), [1, 2, 4, 5, 5]),
        ["optax peak of zero"] = (new Optax.WarmupCosineDecaySchedule(0.2, 0, 2, 4, 0.5), [0.2, 0.1, 0, 0, 0]),
        ["optax lines"] = (
            new Optax.PiecewiseInterpolateSchedule(Optax.InterpolateType.Linear, 1, HalfThenTenth),
            [1, 0.75, 0.5, 0.35, 0.2, 0.05, 0.05]),
        ["optax half cosines"] = (
            new Optax.PiecewiseInterpolateSchedule(Optax.InterpolateType.Cosine, 1, HalfThenTenth),
            [1, 0.75, 0.5, 0.3875, 0.1625, 0.05, 0.05]),
        ["optax linear one-cycle"] = (
            new Optax.LinearOneCycleSchedule(10, 1),
            [0.04, 0.36, 0.68, 1, 0.808, 0.616, 0.424, 0.232, 0.04, 0.020002, 4e-6, 4e-6]),
        ["optax cosine one-cycle"] = (
            new Optax.CosineOneCycleSchedule(10, 2, 0.35, 20, 100),
            [0.1, 0.575, 1.525, 2, 1.901018, 1.623678, 1.22291, 0.77809, 0.377322, 0.099982, 0.001, 0.001]),
        ["optax one-cycle without a rise"] = (
            new Optax.CosineOneCycleSchedule(4, 1, 0.2), [1, 0.853554, 0.500002, 0.14645, 4e-6]),
        ["optax join"] = (
            new Optax.JoinSchedules([0.5, LearningRate.From(count => count + 1.0), 0.25], [2, 5]),
            [0.5, 0.5, 1, 2, 3, 0.25, 0.25]),
        ["optax sgdr"] = (
            new Optax.SgdrSchedule([new(0, 1, 1, 3), new(0.2, 0.6, 2, 4, 0.1)]),
            [0, 1, 0.5, 0.2, 0.4, 0.6, 0.35, 0.1, 0.1]),
        ["MXNet warm-up longer than a step"] = (
            new MXNet.FactorScheduler(2, 0.5, baseLr: 1, warmupSteps: 6, warmupBeginLr: 0.4),
            [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.25, 0.125, 0.125]),
        ["MXNet constant warm-up"] = (
            new MXNet.PolyScheduler(5, 1, 1, 0.5, 2, 0.1, MXNet.WarmupMode.Constant),
            [0.1, 0.1, 1, 0.833333, 0.666667, 0.5, 0.5]),
        ["PyTorch lambda"] = (new LambdaLR(0.5, e => 1 / (e + 1.0)), [0.5, 0.25, 0.166667]),
        ["PyTorch repeated milestone"] = (new MultiStepLR(1, [2, 2, 3], 0.5), [1, 1, 0.25, 0.125]),
        ["PyTorch restarts"] = (
            new CosineAnnealingWarmRestarts(1, 2, 3), [1, 0.5, 1, 0.933013, 0.75, 0.5, 0.25, 0.066987, 1]),
        ["PyTorch one step of one-cycle"] = (new OneCycleLR(1, 1), [4e-6]),
        ["of epochs"] = (new StepLR(1, 2, 0.5).Every(3), [1, 1, 1, 1, 1, 1, 0.5, 0.5]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheRatesAreTheKnownOnes(string name)
    {
        (Schedule schedule, double[] rates) = Cases[name];
        double[] sampled = schedule.Sample(0, rates.Length);
        for (int i = 0; i < rates.Length; i++)
            Assert.True(
                Math.Abs(rates[i] - sampled[i]) <= 6e-7, $"{name} at {i}: {sampled[i]:R} instead of {rates[i]}");
    }

    [Fact]
    public void AFactorDropsOneUpdateAfterEachMultipleOfItsStep()
    {
        var schedule = new MXNet.FactorScheduler(1_000_000_007, 0.5, 1e-8, 1);
        for (long k = 1; k < 10; k++)
        {
            Assert.Equal(Math.ScaleB(1, -(int)k + 1), schedule.At(k * 1_000_000_007));
            Assert.Equal(Math.ScaleB(1, -(int)k), schedule.At(k * 1_000_000_007 + 1));
        }
    }

    [Fact]
    public void AFactorStopsAtItsFloorAndAFloorAboveTheBaseLiftsIt()
    {
        Assert.Equal([1, 1, 0.3, 0.3], new MXNet.FactorScheduler(1, 0.3, 0.3, 1).Sample(0, 4));
        Assert.Equal([1, 1, 2, 2], new MXNet.FactorScheduler(1, 0.5, 2, 1).Sample(0, 4));
    }

    [Fact]
    public void ANumberOfTheOptimizerOverwritesWhatMXNetLetsItOverwrite()
    {
        Assert.Equal([0.5, 0.75, 0.1, 0.05], Around(new MXNet.FactorScheduler(2, 0.5, 0, 1, 2, 0.5)));
        Assert.Equal([0.5, 0.75, 0.1, 0.05], Around(new MXNet.MultiFactorScheduler([2], 0.5, 1, 2, 0.5)));
        Assert.Equal([0.5, 0.75, 1, 0.5], Around(new MXNet.PolyScheduler(4, 1, 1, 0, 2, 0.5)));
        Assert.Equal([0.5, 0.75, 1, 0.5], Around(new MXNet.CosineScheduler(4, 1, 0, 2, 0.5)));

        static double[] Around(MXNet.LRScheduler scheduler)
        {
            MXNet.LRScheduler overwritten = scheduler.Overwritten(0.1);
            Assert.Equal((1, 0.1, 1.0), (scheduler.BaseLr, overwritten.BaseLr, overwritten.WarmupFinalLr));
            return overwritten.Sample(0, 4);
        }
    }

    [Fact]
    public void ARestartThatFallsOnAStepIsOnThatStep()
    {
        // 1.1 is no double, and the starts 10, 21, 33.1, 46.41, ... are sums of its powers; 121 is one of powers of 3.
        Assert.Equal(1, new Keras.CosineDecayRestarts(1, 10, 1.1).At(21));
        Assert.Equal(1, new Keras.CosineDecayRestarts(1, 7, 3).At(7 * 121));
        Assert.Equal(1, new CosineAnnealingWarmRestarts(1, 7, 3).At(7 * 121));
        Assert.Equal(1, new Keras.CosineDecayRestarts(1, 1_000_000, 2).At(1_000_000 * ((1L << 33) - 1)));
        Assert.True(new Keras.CosineDecayRestarts(1, 1_000_000, 2).At(1_000_000 * ((1L << 33) - 1) - 1) < 1e-6);
        Assert.Equal(1, new Keras.CosineDecayRestarts(1, 1000, 1).At(1000L * 123_456_789));
    }

    [Fact]
    public void TheEndOfACosineKeepsItsDigits()
    {
        // The square of the sine of pi / 2 / 10^6, by its series.
        double angle = Math.PI / 2e6;
        double rate = new Keras.CosineDecay(1, 1_000_000).At(999_999);
        Assert.Equal(1, rate / (angle * angle * (1 - angle * angle / 3)), 1e-9);
    }

    [Fact]
    public void NothingOverflowsAtTheLastCount()
    {
        foreach ((string name, (Schedule schedule, _)) in Cases)
        {
            if (!name.Contains("one-cycle", StringComparison.Ordinal)
                || name.StartsWith("optax", StringComparison.Ordinal))
                Assert.True(schedule.At(long.MaxValue) is >= 0 and <= 1e19, name);
        }
    }
}
