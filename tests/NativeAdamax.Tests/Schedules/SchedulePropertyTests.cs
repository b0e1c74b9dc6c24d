using FsCheck;
using FsCheck.Fluent;
using NativeAdamax.Schedules;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Support;
using Keras = NativeAdamax.Schedules.Keras;
using MXNet = NativeAdamax.Schedules.MXNet;
using Optax = NativeAdamax.Schedules.Optax;

namespace NativeAdamax.Tests.Schedules;

/// <summary>What holds for schedules of any arguments.</summary>
public sealed class SchedulePropertyTests
{
    private const double Rounding = 1e-15;

    /// <summary>A way from one rate to another over some steps, in the words of every system.</summary>
    internal sealed record Way(double From, double To, long Steps, double Power, string Kind)
    {
        public static readonly string[] Kinds =
        [
            "Keras polynomial", "Keras cosine", "Keras warm-up", "MXNet poly", "MXNet cosine", "MXNet warm-up",
            "optax polynomial", "optax linear",
            "optax cosine", "optax warm-up", "optax lines", "optax half cosines", "PyTorch linear", "PyTorch cosine",
        ];

        /// <summary>How much steeper than a line of the same ends it can be.</summary>
        public double Steepness => Kind switch
        {
            _ when Kind.EndsWith("poly", StringComparison.Ordinal)
                || Kind.EndsWith("polynomial", StringComparison.Ordinal) => Power,
            _ when Kind.Contains("cosine", StringComparison.Ordinal) => Math.PI / 2,
            _ => 1,
        };

        public Schedule Schedule => Kind switch
        {
            "Keras polynomial" => new Keras.PolynomialDecay(From, Steps, To, Power),
            "Keras cosine" => new Keras.CosineDecay(From, Steps, To / From),
            "Keras warm-up" => new Keras.CosineDecay(From, 1, 1, To, Steps),
            "MXNet poly" => new MXNet.PolyScheduler(Steps, From, Power, To),
            "MXNet cosine" => new MXNet.CosineScheduler(Steps, From, To),
            "MXNet warm-up" =>
                new MXNet.MultiFactorScheduler([long.MaxValue], 1, Math.Max(From, To), Steps, Math.Min(From, To)),
            "optax polynomial" => new Optax.PolynomialSchedule(From, To, Power, Steps),
            "optax linear" => new Optax.LinearSchedule(From, To, Steps),
            "optax cosine" => new Optax.CosineDecaySchedule(From, Steps, To / From),
            "optax warm-up" => new Optax.WarmupConstantSchedule(From, To, Steps),
            "optax lines" =>
                new Optax.PiecewiseInterpolateSchedule(Optax.InterpolateType.Linear, From, [new(Steps, To / From)]),
            "optax half cosines" =>
                new Optax.PiecewiseInterpolateSchedule(Optax.InterpolateType.Cosine, From, [new(Steps, To / From)]),
            "PyTorch linear" => new LinearLR(From, 1, Math.Min(1, To / From), Steps),
            "PyTorch cosine" => new CosineAnnealingLR(From, Steps, To),
            _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "unknown kind"),
        };
    }

    private static readonly Gen<double> Rate = Gen.Choose(1, 1_000_000).Select(x => x / 1e6);

    private static readonly Gen<Way> Ways =
        from kind in Gen.Elements(Way.Kinds)
        from first in Rate
        from second in Rate
        from steps in Gen.Choose(1, 400)
        from power in Gen.Choose(10, 40)
        select new Way(first, second, steps, power / 10.0, kind);

    [Fact]
    public void AWayNeverTurnsBackNorJumpsNorLeavesItsEnds() => Always.Holds(Ways, way =>
    {
        double[] rates = way.Schedule.Sample(0, (int)way.Steps + 1);
        (double low, double high) = (Math.Min(rates[0], rates[^1]), Math.Max(rates[0], rates[^1]));
        double direction = Math.Sign(rates[^1] - rates[0]);
        double most = (high - low) * way.Steepness / way.Steps + Rounding;
        for (int i = 1; i < rates.Length; i++)
        {
            double change = (rates[i] - rates[i - 1]) * direction;
            Assert.True(change >= -Rounding && change <= most, $"{way} goes by {change:g4} at {i}, of {most:g4}");
            Assert.True(rates[i] >= low - Rounding && rates[i] <= high + Rounding, $"{way} is {rates[i]} at {i}");
        }
    });

    [Fact]
    public void AWayBeginsAndEndsExactlyAndStaysThere() => Always.Holds(Ways, way =>
    {
        Schedule schedule = way.Schedule;
        (double from, double to) = way.Kind == "MXNet warm-up"
            ? (Math.Min(way.From, way.To), Math.Max(way.From, way.To))
            : (way.From, way.To);
        if (way.Kind == "PyTorch linear")
            to = Math.Min(from, to);
        Assert.Equal(from, schedule.At(0));
        Assert.Equal(to, schedule.At(way.Steps), 1e-15);
        if (way.Kind != "PyTorch cosine")
            Assert.Equal(schedule.At(way.Steps), schedule.At(way.Steps * 1000));
    });

    [Fact]
    public void AScheduleIsAFunctionOfTheCountAlone() => Always.Holds(
        from way in Ways
        from counts in Gen.ArrayOf(Gen.Choose(0, 1000), 20)
        select (way, counts),
        x =>
        {
            double[] sampled = x.way.Schedule.Sample(0, 1001);
            Schedule schedule = x.way.Schedule;
            Assert.All(x.counts, count => Assert.Equal(sampled[count], schedule.At(count)));
        });

    [Fact]
    public void DecaysFallAndStaircasesTouchThemAtTheirCorners() => Always.Holds(
        from initial in Rate
        from rate in Rate
        from steps in Gen.Choose(1, 50)
        select (initial, rate, steps),
        x =>
        {
            Schedule[] smooth =
            [
                new Keras.ExponentialDecay(x.initial, x.steps, x.rate),
                new Keras.InverseTimeDecay(x.initial, x.steps, x.rate),
                new Optax.ExponentialDecay(x.initial, x.steps, x.rate),
            ];
            Schedule[] stairs =
            [
                new Keras.ExponentialDecay(x.initial, x.steps, x.rate, true),
                new Keras.InverseTimeDecay(x.initial, x.steps, x.rate, true),
                new Optax.ExponentialDecay(x.initial, x.steps, x.rate, 0, true),
            ];
            for (int k = 0; k < smooth.Length; k++)
            {
                double[] rates = smooth[k].Sample(0, 200);
                for (int i = 1; i < rates.Length; i++)
                    Assert.True(rates[i] <= rates[i - 1] * (1 + Rounding), $"{smooth[k]} rises at {i}");
                for (int i = 0; i < rates.Length; i++)
                    Assert.Equal(rates[i - i % x.steps], stairs[k].At(i));
            }
        });

    [Fact]
    public void ABoundaryIsOneStepLaterInKerasThanInOptax() => Always.Holds(
        from boundaries in Gen.NonEmptyListOf(Gen.Choose(0, 100))
        from scales in Gen.ListOf(Gen.Choose(0, 8), boundaries.Count)
        select boundaries.Distinct().Order().Zip(scales, (b, s) => KeyValuePair.Create((long)b, s / 4.0)).ToArray(),
        pieces =>
        {
            double value = 1;
            double[] values = [1, .. pieces.Select(p => value *= p.Value)];
            double[] keras = new Keras.PiecewiseConstantDecay(pieces.Select(p => p.Key), values).Sample(1, 110);
            double[] optax = new Optax.PiecewiseConstantSchedule(1, pieces.Reverse()).Sample(0, 110);
            Assert.Equal(optax, keras);
            double[] torch = new MultiStepLR(1, pieces.Select(p => p.Key), 0.5).Sample(0, 110);
            double[] mxnet = new MXNet.MultiFactorScheduler(pieces.Select(p => p.Key + 1), 0.5, 1).Sample(2, 110);
            Assert.Equal(torch, mxnet);
        });

    [Fact]
    public void RestartsOfTwoSystemsAgree() => Always.Holds(
        from first in Gen.Choose(1, 30)
        from factor in Gen.Choose(1, 4)
        from floor in Rate
        select (first, factor, floor),
        x =>
        {
            double[] keras = new Keras.CosineDecayRestarts(1, x.first, x.factor, 1, x.floor).Sample(0, 500);
            double[] torch = new CosineAnnealingWarmRestarts(1, x.first, x.factor, x.floor).Sample(0, 500);
            for (int i = 0; i < keras.Length; i++)
                Assert.Equal(torch[i], keras[i], 1e-15);
        });

    [Fact]
    public void CyclesRestartWhereTheLengthsSayAndHaveAPeakEach() => Always.Holds(
        from first in Gen.Choose(2, 30)
        from quarters in Gen.Choose(4, 12)
        select (first: 16 * first, factor: quarters / 4.0),
        x =>
        {
            var schedule = new Keras.CosineDecayRestarts(1, x.first, x.factor);
            double start = 0, length = x.first;
            for (int cycle = 0; cycle < 3; cycle++)
            {
                // Lengths of 16 times quarters of quarters are whole.
                Assert.Equal(1, schedule.At((long)start));
                start += length;
                length *= x.factor;
                Assert.True(schedule.At((long)start - 1) < 0.01, $"{schedule.At((long)start - 1)} before {start}");
            }
        });

    [Fact]
    public void JoinedSchedulesAreTheirPartsAtTheirOwnCounts() => Always.Holds(
        from first in Ways
        from second in Ways
        from boundary in Gen.Choose(1, 300)
        from count in Gen.Choose(0, 600)
        select (first: first.Schedule, second: second.Schedule, boundary, count),
        x =>
        {
            double expected = x.count < x.boundary ? x.first.At(x.count) : x.second.At(x.count - x.boundary);
            Assert.Equal(expected, new Optax.JoinSchedules([x.first, x.second], [x.boundary]).At(x.count));
            Assert.Equal(expected, new SequentialLR([x.first, x.second], [x.boundary]).At(x.count));
        });

    [Fact]
    public void ChainedFactorsMultiply() => Always.Holds(
        from gamma in Rate
        from steps in Gen.Choose(1, 40)
        from count in Gen.Choose(0, 200)
        select (gamma, steps, count),
        x =>
        {
            FactorLR[] parts =
            [
                new ExponentialLR(0.5, x.gamma), new StepLR(0.5, x.steps, x.gamma),
                new LinearLR(0.5, 0.25, 1, x.steps),
            ];
            double product = parts.Aggregate(0.5, (p, part) => p * part.FactorAt(x.count));
            Assert.Equal(product, new ChainedScheduler(parts).At(x.count), 1e-15);
        });

    [Fact]
    public void OneCycleMovesBeta1AgainstTheRate() => Always.Holds(
        from steps in Gen.Choose(3, 300)
        from start in Gen.Choose(1, 9)
        from anneal in Gen.Elements(AnnealStrategy.Cos, AnnealStrategy.Linear)
        from three in Gen.Elements(true, false)
        select new OneCycleLR(1, steps, start / (three ? 20.0 : 10.0), anneal, threePhase: three),
        cycle =>
        {
            for (long i = 1; i < cycle.TotalSteps; i++)
            {
                double rate = cycle.At(i) - cycle.At(i - 1);
                double beta = cycle.Beta1At(i)!.Value - cycle.Beta1At(i - 1)!.Value;
                bool acrossAnEdge = Math.Abs(i - cycle.PctStart * cycle.TotalSteps) < 1.5;
                Assert.True(
                    acrossAnEdge || rate * beta <= 0,
                    $"{cycle.TotalSteps} steps, {cycle.PctStart}: both go by {rate} and {beta} at {i}");
                Assert.InRange(cycle.Beta1At(i)!.Value, 0.85 - Rounding, 0.95 + Rounding);
                Assert.InRange(cycle.At(i), cycle.MinLr, 1 + Rounding);
            }
        });

    [Fact]
    public void EveryDividesTheCount() => Always.Holds(
        from way in Ways
        from steps in Gen.Choose(1, 50)
        from count in Gen.Choose(0, 5000)
        select (schedule: way.Schedule, steps, count),
        x => Assert.Equal(x.schedule.At(x.count / x.steps), x.schedule.Every(x.steps).At(x.count)));
}
