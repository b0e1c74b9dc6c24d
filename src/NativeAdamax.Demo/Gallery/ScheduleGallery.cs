using NativeAdamax.Schedules;
using NativeAdamax.Schedules.PyTorch;
using Keras = NativeAdamax.Schedules.Keras;
using MXNet = NativeAdamax.Schedules.MXNet;
using Optax = NativeAdamax.Schedules.Optax;

namespace NativeAdamax.Demo.Gallery;

/// <summary>Every schedule of the library, with arguments that show its shape over a number of steps.</summary>
internal static class ScheduleGallery
{
    /// <param name="steps">The last count that is drawn; 20 or above.</param>
    public static IReadOnlyList<Room> Of(int steps)
    {
        long fifth = steps / 5, tenth = steps / 10;
        return [.. OfKeras(), .. OfMXNet(), .. OfOptax(), .. OfPyTorch(), .. OfMetrics(steps)];

        Room[] OfKeras() =>
        [
            Show(
                "Keras",
                ("ExponentialDecay", new Keras.ExponentialDecay(1, fifth, 0.6)),
                ("staircase", new Keras.ExponentialDecay(1, fifth, 0.6, true)),
                ("InverseTimeDecay", new Keras.InverseTimeDecay(1, fifth, 1)),
                ("staircase", new Keras.InverseTimeDecay(1, fifth, 1, true))),
            Show(
                "Keras",
                ("PiecewiseConstantDecay", new Keras.PiecewiseConstantDecay([fifth, 3 * fifth], [1, 0.5, 0.1])),
                ("PolynomialDecay", new Keras.PolynomialDecay(1, 4 * fifth, 0.1, 2)),
                ("cycle", new Keras.PolynomialDecay(1, fifth, 0.1, 2, cycle: true))),
            Show(
                "Keras",
                ("CosineDecay", new Keras.CosineDecay(1, 4 * fifth, 0.1)),
                ("with a target", new Keras.CosineDecay(0.2, 4 * fifth, 0.1, 0.9, tenth)),
                ("CosineDecayRestarts", new Keras.CosineDecayRestarts(1, tenth, 2, 0.8, 0.1))),
        ];

        Room[] OfMXNet() =>
        [
            Show(
                "MXNet",
                ("FactorScheduler", new MXNet.FactorScheduler(fifth, 0.5, 0.1, 1)),
                ("MultiFactor", new MXNet.MultiFactorScheduler(
                    [fifth, 3 * fifth], 0.4, 0.9, tenth, 0.3, MXNet.WarmupMode.Constant)),
                ("Poly", new MXNet.PolyScheduler(4 * fifth, 0.8, 2, 0.1, tenth)),
                ("Cosine", new MXNet.CosineScheduler(steps, 1, 0.05, fifth, 0.2))),
        ];

        Room[] OfOptax() =>
        [
            Show(
                "optax",
                ("constant", new Optax.ConstantSchedule(0.7)),
                ("linear", new Optax.LinearSchedule(1, 0.1, 3 * fifth, fifth)),
                ("polynomial", new Optax.PolynomialSchedule(1, 0.1, 3, 4 * fifth)),
                ("exponential_decay", new Optax.ExponentialDecay(1, tenth, 0.7, tenth, endValue: 0.05))),
            Show(
                "optax",
                ("piecewise_constant", new Optax.PiecewiseConstantSchedule(1, [new(fifth, 0.5), new(3 * fifth, 0.4)])),
                ("interpolate, linear", Interpolated(Optax.InterpolateType.Linear)),
                ("cosine", Interpolated(Optax.InterpolateType.Cosine))),
            Show(
                "optax",
                ("cosine_decay", new Optax.CosineDecaySchedule(1, steps, 0.1, 2)),
                ("warmup_constant", new Optax.WarmupConstantSchedule(0.1, 0.7, fifth)),
                ("warmup_cosine", new Optax.WarmupCosineDecaySchedule(0, 1, fifth, steps, 0.05)),
                ("exponential", new Optax.WarmupExponentialDecaySchedule(0, 0.9, fifth, fifth, 0.6))),
            Show(
                "optax",
                ("linear_onecycle", new Optax.LinearOneCycleSchedule(steps, 1)),
                ("cosine_onecycle", new Optax.CosineOneCycleSchedule(steps, 1)),
                ("join", new Optax.JoinSchedules(
                    [0.3, new Optax.LinearSchedule(0.6, 0.2, fifth), 0.5], [fifth, 3 * fifth])),
                ("sgdr", new Optax.SgdrSchedule(
                    [new(0.1, 0.9, tenth, 2 * fifth, 0.1), new(0.1, 0.7, tenth, 3 * fifth)]))),
        ];

        Optax.PiecewiseInterpolateSchedule Interpolated(Optax.InterpolateType type) =>
            new(type, 1, [new(fifth, 0.5), new(3 * fifth, 1.6), new(4 * fifth, 0.1)]);

        Room[] OfPyTorch() =>
        [
            Show(
                "PyTorch",
                ("StepLR", new StepLR(1, fifth, 0.5)),
                ("MultiStepLR", new MultiStepLR(1, [tenth, 3 * fifth], 0.5)),
                ("ExponentialLR", new ExponentialLR(1, 1 - 3.0 / steps)),
                ("LambdaLR", new LambdaLR(0.8, e => 1 / Math.Sqrt(1 + e / (double)tenth)))),
            Show(
                "PyTorch",
                ("LinearLR", new LinearLR(0.8, 0.1, 1, fifth)),
                ("ConstantLR", new ConstantLR(0.6, 0.5, fifth)),
                ("PolynomialLR", new PolynomialLR(1, 4 * fifth, 2)),
                ("Chained", new ChainedScheduler([new LinearLR(1, 0.1, 1, tenth), new StepLR(1, fifth, 0.7)]))),
            Show(
                "PyTorch",
                ("CosineAnnealing", new CosineAnnealingLR(0.8, 2 * fifth, 0.1)),
                ("WarmRestarts", new CosineAnnealingWarmRestarts(1, tenth, 2, 0.1)),
                ("Sequential", new SequentialLR(
                    [new LinearLR(0.6, 0.1, 1, fifth), new CosineAnnealingLR(0.6, 4 * fifth)], [fifth])),
                ("CyclicLR", new CyclicLR(0.05, 0.5, tenth, fifth, CyclicMode.Triangular2))),
            Show(
                "PyTorch: OneCycleLR",
                ("cos", Cycle(AnnealStrategy.Cos, false)),
                ("linear", Cycle(AnnealStrategy.Linear, false)),
                ("three phases", Cycle(AnnealStrategy.Cos, true))),
            new(
                "PyTorch: beta1 of OneCycleLR",
                [
                    Beta1("cos", AnnealStrategy.Cos, false),
                    Beta1("linear", AnnealStrategy.Linear, false),
                    Beta1("three phases", AnnealStrategy.Cos, true),
                ]),
        ];

        OneCycleLR Cycle(AnnealStrategy anneal, bool threePhase) =>
            new(1, steps + 1, annealStrategy: anneal, threePhase: threePhase);

        Exhibit Beta1(string name, AnnealStrategy anneal, bool threePhase)
        {
            OneCycleLR cycle = Cycle(anneal, threePhase);
            IEnumerable<int> counts = Enumerable.Range(0, steps + 1);
            return new Exhibit(name, cycle, [.. counts.Select(count => cycle.Beta1At(count)!.Value)]);
        }

        Room Show(string title, params ReadOnlySpan<(string Name, Schedule Schedule)> schedules)
        {
            var exhibits = new List<Exhibit>();
            foreach ((string name, Schedule schedule) in schedules)
                exhibits.Add(new Exhibit(name, schedule, schedule.Sample(0, steps + 1)));
            return new Room(title, exhibits);
        }
    }

    /// <summary>Those that are told a metric: one that falls, stays, falls again and stays.</summary>
    private static Room[] OfMetrics(int steps)
    {
        var torch = new ReduceLROnPlateau(1, factor: 0.5, patience: steps / 10);
        var optax = new Optax.ReduceOnPlateau(0.8, factor: 0.5, patience: steps / 10, cooldown: steps / 10);
        List<double> metrics = [], torchRates = [], optaxRates = [];
        for (int count = 0; count <= steps; count++)
        {
            double x = 5.0 * count / steps;
            metrics.Add(x < 1 ? 1 - 0.5 * x : x is >= 2.5 and < 3 ? 1.75 - 0.5 * x : x < 3 ? 0.5 : 0.25);
            torchRates.Add(torch.At(count));
            torch.Report(metrics[^1]);
            optax.Report(metrics[^1]);
            optaxRates.Add(optax.At(count));
        }

        return
        [
            new Room(
                "Told a metric",
                [
                    new("ReduceLROnPlateau", torch, torchRates),
                    new("optax reduce_on_plateau", optax, optaxRates),
                    new("the metric", null, metrics),
                ]),
        ];
    }
}
