using NativeAdamax.Schedules.MXNet;
using NativeAdamax.Styles.MXNet;
using NativeAdamax.Tests.Goldens;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.MXNet;

public sealed class MXNetOptimizerTests
{
    private static readonly int[] Lengths = [11, 1, 0, 300];

    private static readonly Dictionary<int, string> Names = new() { [0] = "w0", [1] = "w1", [2] = "w2", [3] = "w3" };

    private static readonly Dictionary<string, (string Name, MXNetArguments Arguments, OptimizerOptions Options)> Cases = new()
    {
        ["adam"] = ("adam", new(), new AdamOptions()),
        ["adam by step"] = ("ADAM", new() { UseFusedStep = false, AggregateNum = 4 }, new AdamOptions()),
        ["adamax"] = ("AdaMax", new(), new AdamaxOptions()),
        ["nadam"] = ("nadam", new(), new NadamOptions()),
        ["adamw"] = ("adamw", new() { Wd = 0.1 }, new AdamWOptions { WeightDecay = 0.1 }),
        ["adamw by step"] = (
            "AdamW", new() { Wd = 0.1, UseFusedStep = false },
            new AdamWOptions { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.DecoupledAfterUpdate }),
        ["adamw without correction"] = (
            "adamw", new() { Wd = 0.1, CorrectBias = false }, new AdamWOptions { WeightDecay = 0.1, BiasCorrection = false }),
        ["numbers"] = (
            "adam",
            new() { LearningRate = 0.03, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, Wd = 0.2, ClipGradient = 0.3 },
            new AdamOptions
            {
                LearningRate = 0.03,
                Beta1 = 0.8,
                Beta2 = 0.95,
                Epsilon = 1e-4,
                WeightDecay = 0.2,
                ClipValue = 0.3,
            }),
        ["nadam's schedule"] = (
            "nadam", new() { ScheduleDecay = 0.1, Wd = 0.2 }, new NadamOptions { MomentumDecay = 0.1, WeightDecay = 0.2 }),
        ["a scheduler"] = (
            "adamax", new() { LrScheduler = new FactorScheduler(3, 0.5, baseLr: 0.1) },
            new AdamaxOptions { LearningRate = new FactorScheduler(3, 0.5, baseLr: 0.1) }),
        ["a scheduler and a rate"] = (
            "adamax", new() { LrScheduler = new FactorScheduler(3, 0.5, baseLr: 0.1), LearningRate = 0.4 },
            new AdamaxOptions { LearningRate = new FactorScheduler(3, 0.5, baseLr: 0.4) }),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void StepsOverTheCallersStatesAreThoseOfTheObject(string name)
    {
        (string kind, MXNetArguments arguments, OptimizerOptions options) = Cases[name];
        using Caller caller = new(MXNetRegistry.Create(kind, arguments with { RescaleGrad = 0.5, ParamIdx2Name = Names }));
        caller.Optimizer.SetLrMult(new Dictionary<int, double> { [0] = 0.5 }, new Dictionary<string, double> { ["w1"] = 3 });
        caller.Optimizer.SetWdMult(byName: new Dictionary<string, double> { ["w3"] = 0 });

        Parameter[] parameters = [.. Lengths.Select((n, k) => Parameter.Create(Training.Numbers((uint)k + 1, n), Names[k]))];
        using Optimizer optimizer = OptimizerFactory.Create(parameters, options with { Dialect = Dialect.MXNet });
        optimizer.GradientScale = 0.5;
        optimizer.SetLearningRateFactor("w0", 0.5);
        optimizer.SetLearningRateFactor("w1", 3);
        optimizer.SetWeightDecayFactor("w3", 0);
        for (int step = 1; step <= 12; step++)
        {
            // Weight 3 stands out of every third step, and falls behind in its count.
            int[] indices = step % 3 == 0 ? [2, 0, 1] : [0, 1, 2, 3];
            foreach (Parameter parameter in parameters)
                parameter.ClearGradient();
            foreach (int k in indices)
                parameters[k].CopyGradient(Gradient(step, k));
            caller.Step(step, indices);
            optimizer.Step();
        }

        for (int k = 0; k < Lengths.Length; k++)
        {
            Bits.AssertEqual(parameters[k].Weights, caller.Weights[k], $"{name}: weight {k}");
            Bits.AssertEqual(optimizer.State(parameters[k]).FirstMoment, caller.States[k].Mean.Span, $"{name}: m {k}");
            Bits.AssertEqual(optimizer.State(parameters[k]).SecondMoment, caller.States[k].Variance.Span, $"{name}: v {k}");
        }

        Assert.Equal(12, caller.Optimizer.NumUpdate);
    }

    [Theory]
    [InlineData("mxnet/adamax_mults")]
    [InlineData("mxnet/adamax_skipped_updates")]
    [InlineData("mxnet/adamax_rescale_clip_wd")]
    public void MXNetsOwnRunsAreMetAsByTheObject(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        using GoldenRun expected = new(golden, Backend.Available[0]);
        double rate = golden.Settings.Max(s => s.LearningRate), decay = golden.Settings.Max(s => s.WeightDecay);
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adamax", new MXNetArguments
        {
            LearningRate = rate,
            Beta1 = golden.Settings[0].Beta1,
            Beta2 = golden.Settings[0].Beta2,
            Epsilon = golden.Settings[0].Epsilon,
            Wd = decay,
            RescaleGrad = golden.Settings[0].GradientScale,
            ClipGradient = double.IsInfinity(golden.Settings[0].ClipValue) ? null : golden.Settings[0].ClipValue,
            ParamIdx2Name = golden.TensorNames.Index().ToDictionary(n => n.Index, n => n.Item),
        });
        optimizer.SetLrMult(byName: golden.TensorNames.Index().ToDictionary(
            n => n.Item, n => golden.Settings[n.Index].LearningRate / rate));
        optimizer.SetWdMult(byName: golden.TensorNames.Index().ToDictionary(
            n => n.Item, n => decay == 0 ? 1 : golden.Settings[n.Index].WeightDecay / decay));
        float[][] weights = [.. golden.Lengths.Select((_, k) => golden.Initial(k))];
        MXNetState[] states = [.. weights.Select(w => MXNetOptimizer.CreateState(w))];
        for (int step = 1; step <= 40; step++)
        {
            int[] indices = [.. Enumerable.Range(0, weights.Length).Where(k => golden.Gradient(k, step) is not null)];
            optimizer.Step(
                indices,
                [.. indices.Select(k => (NDArray)weights[k])],
                [.. indices.Select(k => (NDArray)golden.Gradient(k, step)!)],
                [.. indices.Select(k => states[k])]);
        }

        expected.AdvanceTo(40);
        for (int k = 0; k < weights.Length; k++)
        {
            // Groups give each tensor its product of rate and factor; here it is multiplied: one rounding of a scalar.
            for (int i = 0; i < weights[k].Length; i++)
                Assert.Equal(expected.Weights(k)[i], weights[k][i], 4 * Bits.Ulp(weights[k][i]));
        }
    }

    [Fact]
    public void AnyBackendGivesTheSameBitsAlsoInSeveralParts()
    {
        const int length = 400_000;
        float[] gradient = Training.Numbers(9, length);
        float[]? first = null;
        foreach (BackendSelection backend in Backend.Available)
        {
            using MXNetOptimizer optimizer = MXNetRegistry.Create("adam", new() { Wd = 0.1, Backend = backend });
            float[] weight = Training.Numbers(8, length), small = [1, 2, 3];
            MXNetState[] states = [MXNetOptimizer.CreateState(small), MXNetOptimizer.CreateState(weight)];
            for (int step = 0; step < 3; step++)
                optimizer.Step([0, 1], [small, weight], [new float[3], gradient], states);
            first ??= weight;
            Bits.AssertEqual(first, weight, backend.ToString());
        }

        using var parameter = Parameter.Create(Training.Numbers(8, length));
        using Adam adam = new([parameter], new AdamOptions { Dialect = Dialect.MXNet, WeightDecay = 0.1 });
        for (int step = 0; step < 3; step++)
            adam.Step(gradient);
        Bits.AssertEqual(parameter.Weights, first, "the object");
    }

    [Fact]
    public void GradientsStayAsTheyAre()
    {
        float[] weight = [1, 2], gradient = [8, -8];
        using MXNetOptimizer optimizer =
            MXNetRegistry.Create("adam", new() { RescaleGrad = 0.5, ClipGradient = 1, Wd = 0.1, UseFusedStep = false });
        optimizer.Step(0, weight, gradient, MXNetOptimizer.CreateState(weight));
        Assert.Equal([8, -8], gradient);
        Assert.NotEqual(1, weight[0]);
    }

    [Fact]
    public unsafe void APointerAndALengthWillDo()
    {
        float[] expected = Training.Numbers(1, 50), gradient = Training.Numbers(2, 50);
        using MXNetOptimizer one = MXNetRegistry.Create("adamax"), other = MXNetRegistry.Create("adamax");
        one.Step(7, expected, gradient, MXNetOptimizer.CreateState(expected));
        float[] all = [.. Training.Numbers(1, 50), .. gradient, .. new float[100]];
        fixed (float* p = all)
        {
            MXNetState state = new(NDArray.Over(p + 100, 50), NDArray.Over(p + 150, 50));
            other.Step(7, NDArray.Over(p, 50), NDArray.Over(p + 50, 50), state);
        }

        Bits.AssertEqual(expected, all.AsSpan(0, 50), "weights behind a pointer");
    }

    [Fact]
    public void EveryDeviceCountsForItself()
    {
        float[] a = [1], b = [1], g = [1];
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adam", new() { BeginNumUpdate = 10, LearningRate = 0.1 });
        Assert.Equal(10, optimizer.NumUpdate);
        MXNetState one = MXNetOptimizer.CreateState(a), two = MXNetOptimizer.CreateState(b);
        optimizer.Step(0, a, g, one);
        Assert.Equal(11, optimizer.NumUpdate);
        optimizer.SetCurrentDevice(1);
        optimizer.Step(0, b, g, two);
        Assert.Equal(11, optimizer.NumUpdate);
        Bits.AssertEqual(a, b, "the same step on two devices");
        optimizer.SetCurrentDevice(0);
        optimizer.Step(0, a, g, one);
        Assert.Equal(12, optimizer.NumUpdate);
    }

    [Fact]
    public void LearningRatesFollowWhatWasGiven()
    {
        FactorScheduler scheduler = new(2, 0.5, baseLr: 0.3);
        Assert.Equal(0.002, Rate(new()));
        Assert.Equal(0.05, Rate(new() { LearningRate = 0.05 }));
        Assert.Equal(0.01, Rate(new() { LearningRate = null }));
        Assert.Equal(0.3, Rate(new() { LrScheduler = scheduler }));
        Assert.Equal(0.3, Rate(new() { LrScheduler = scheduler, LearningRate = null }));
        Assert.Equal(0.05, Rate(new() { LrScheduler = scheduler, LearningRate = 0.05 }));
        Assert.Equal(0.075, Rate(new() { LrScheduler = scheduler, BeginNumUpdate = 5 }));
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adamax");
        optimizer.SetLearningRate(0.7);
        Assert.Equal(0.7, optimizer.LearningRate);

        static double Rate(MXNetArguments arguments)
        {
            using MXNetOptimizer optimizer = MXNetRegistry.Create("adamax", arguments);
            return optimizer.LearningRate;
        }
    }

    [Fact]
    public void MultipliersOfAWeightComeBeforeThoseByIndexAndThoseBeforeNames()
    {
        float[] g = [1];
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adamax", new()
        {
            LearningRate = 0.1,
            ParamIdx2Name = Names,
            ParamDict = new Dictionary<int, (double, double)> { [0] = (2, 1) },
        });
        optimizer.SetLrMult(new Dictionary<int, double> { [0] = 3, [1] = 4 }, new Dictionary<string, double> { ["w1"] = 5, ["w2"] = 6 });
        Assert.Equal([-0.2, -0.4, -0.6, -0.1], Enumerable.Range(0, 4).Select(Change));
        optimizer.SetLrMult(byName: new Dictionary<string, double> { ["w1"] = 7 });
        Assert.Equal([-0.2, -0.7, -0.1, -0.1], Enumerable.Range(10, 4).Select(i => Change(i - 10)));

        double Change(int index)
        {
            float[] w = [0];
            optimizer.SetCurrentDevice(optimizer.GetHashCode() + _device++);
            optimizer.Step(index, w, g, MXNetOptimizer.CreateState(w));
            return Math.Round(w[0], 6);
        }
    }

    private int _device;

    private static float[] Gradient(int step, int k) => Training.Numbers((uint)(50 * step + k), Lengths[k]);

    /// <summary>Who keeps weights and states.</summary>
    private sealed class Caller(MXNetOptimizer optimizer) : IDisposable
    {
        public MXNetOptimizer Optimizer { get; } = optimizer;

        public float[][] Weights { get; } = [.. Lengths.Select((n, k) => Training.Numbers((uint)k + 1, n))];

        public MXNetState[] States { get; } = [.. Lengths.Select(n => MXNetOptimizer.CreateState(new float[n]))];

        public void Step(int step, int[] indices) => Optimizer.Step(
            indices,
            [.. indices.Select(k => (NDArray)Weights[k])],
            [.. indices.Select(k => (NDArray)Gradient(step, k))],
            [.. indices.Select(k => States[k])]);

        public void Dispose() => Optimizer.Dispose();
    }
}
