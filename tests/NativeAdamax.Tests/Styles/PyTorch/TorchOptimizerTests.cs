using NativeAdamax.Scaling;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Goldens;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.PyTorch;

public sealed class TorchOptimizerTests
{
    private static readonly Dictionary<string, OptimizerOptions> Kinds = new()
    {
        ["Adam"] = new AdamOptions { WeightDecay = 0.1, AmsGrad = true },
        ["AdamW"] = new AdamWOptions { LearningRate = new StepLR(0.01, 4) },
        ["Adamax"] = new AdamaxOptions { Beta1 = 0.8, Maximize = true },
        ["Adam with all"] = new AdamOptions
        {
            LearningRate = new StepLR(0.01, 4),
            GlobalClipNorm = 1,
            ClipValue = 0.3,
            Ema = new EmaOptions(),
            LossScale = LossScale.Fixed(2),
            SkipNonFinite = true,
            DecayMask = p => p.Length > 9,
            AccumulationSteps = 2,
            MaxDegreeOfParallelism = 1,
        },
        ["NAdam"] = new NadamOptions { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.Decoupled },
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsAreThoseOfTheObject(string name)
    {
        using Run expected = new(Kinds[name] with { Dialect = Dialect.PyTorch });
        using Parameter a = Make.Weights(9, 1), b = Make.Weights(40, 2);
        using TorchOptimizer torch = new([a, b], Kinds[name]);
        for (int step = 1; step <= 20; step++)
        {
            expected.Step(step);
            torch.ZeroGrad();
            double loss = torch.Step(() =>
            {
                a.CopyGradient(Run.Gradient(step, 9));
                if (step % 3 != 0)
                    b.CopyGradient(Run.Gradient(step, 40));
                return step / 2.0;
            });
            Assert.Equal(step / 2.0, loss);
            Assert.Equal(expected.Optimizer.StepCount, torch.LastReport.Step);
        }

        Bits.AssertEqual(expected.A.Weights, a.Weights, name);
        Bits.AssertEqual(expected.B.Weights, b.Weights, name);
    }

    [Fact]
    public void GroupsHaveNumbersOfTheirOwn()
    {
        GoldenTrajectory golden = GoldenTrajectory.Load("torch/adamax_param_groups");
        using GoldenRun expected = new(golden, Backend.Available[0]);
        Parameter[] p = [.. golden.Lengths.Select((_, k) => Parameter.Create(golden.Initial(k), golden.TensorNames[k]))];
        using TorchOptimizer torch = new(
            [
                new ParameterGroup([p[0], p[1]], new AdamaxOptions { WeightDecay = 0, LearningRate = 0.002 }),
                new ParameterGroup([p[2]], new AdamaxOptions { WeightDecay = 0.1 }),
                new ParameterGroup([p[3]], new AdamaxOptions { LearningRate = 0.05, Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-6 }),
            ],
            new AdamaxOptions { LearningRate = 0.01 });
        Assert.Equal([0.002, 0.01, 0.05], torch.ParamGroups.Select(g => g.Lr));
        for (int step = 1; step <= 30; step++)
        {
            for (int k = 0; k < p.Length; k++)
                p[k].SetGradient(golden.Gradient(k, step)!);
            torch.Step();
        }

        expected.AdvanceTo(30);
        for (int k = 0; k < p.Length; k++)
            Bits.AssertEqual(expected.Weights(k), p[k].Weights, golden.TensorNames[k]);
    }

    [Fact]
    public void GroupsJoinAndTheirNumbersChangeWhileTraining()
    {
        using Run expected = new(new AdamOptions { Dialect = Dialect.PyTorch, LearningRate = 0.01 });
        using Parameter a = Make.Weights(9, 1), b = Make.Weights(40, 2), late = Make.Weights(5, 3);
        using TorchOptimizer torch = new([a, b], new AdamOptions { LearningRate = 0.5 });
        torch.ParamGroups[0].Lr = 0.01;
        for (int step = 1; step <= 4; step++)
        {
            expected.Step(step);
            Step(step);
        }

        torch.AddParamGroup([late], new AdamOptions { Beta1 = 0.5 });
        Assert.Equal(2, torch.ParamGroups.Count);
        Assert.Equal([late], torch.ParamGroups[1].Params);
        Assert.Equal(0.5, torch.ParamGroups[1].Lr);
        Assert.Equal(0.5, torch.ParamGroups[1].Options.Beta1);
        torch.ParamGroups[0].Options = torch.ParamGroups[0].Options with { WeightDecay = 0.3 };
        expected.Optimizer.SetOptions(expected.Optimizer.Options with { WeightDecay = 0.3 });
        late.CopyGradient(new float[5]);
        for (int step = 5; step <= 9; step++)
        {
            expected.Step(step);
            Step(step);
        }

        Bits.AssertEqual(expected.A.Weights, a.Weights, "the first group");
        Bits.AssertEqual(expected.B.Weights, b.Weights, "the first group");
        Assert.Equal(5, torch.Inner.State(late).UpdateCount);
        Assert.Equal(9, torch.Inner.State(a).UpdateCount);

        void Step(int step)
        {
            a.CopyGradient(Run.Gradient(step, 9));
            if (step % 3 != 0)
                b.CopyGradient(Run.Gradient(step, 40));
            else
                b.ClearGradient();
            torch.Step();
        }
    }

    [Fact]
    public void SparseAdamTakesRowsAndSavesItsState()
    {
        float[,] rows = { { 1, -1 }, { 2, 3 } };
        using Parameter a = Make.Weights(10, 1), b = Make.Weights(10, 1), c = Make.Weights(10, 1);
        using SparseAdam expected = new([a]);
        using TorchOptimizer torch = new([b], new SparseAdamOptions()), resumed = new([c], new SparseAdamOptions());
        for (int step = 0; step < 4; step++)
        {
            if (step == 2)
            {
                b.Weights.CopyTo(c.Weights);
                StateDict saved = torch.StateDict();
                Assert.Equal(
                    ["betas", "eps", "lr", "maximize", "params"], saved.ParamGroups[0].Keys.Order(StringComparer.Ordinal));
                resumed.LoadStateDict(saved);
            }

            foreach (Parameter parameter in new[] { a, b, c })
                parameter.SetRowGradient([step, 4], rows);
            expected.Step();
            torch.Step();
            if (step >= 2)
                resumed.Step();
        }

        Bits.AssertEqual(a.Weights, b.Weights, "rows");
        Bits.AssertEqual(a.Weights, c.Weights, "rows after a resume");
    }

    [Fact]
    public void HooksRunAroundTheStepUntilTheyAreDisposed()
    {
        using Parameter a = Make.Weights();
        float first = a.Weights[0];
        using TorchOptimizer torch = new([a], new AdamaxOptions());
        List<string> calls = [];
        using IDisposable one = torch.RegisterStepPreHook(o => calls.Add($"one {a.Weights[0] == first}"));
        IDisposable two = torch.RegisterStepPreHook(_ => calls.Add("two"));
        using IDisposable after = torch.RegisterStepPostHook(o =>
            calls.Add($"after {o.LastReport.Step} {a.Weights[0] == first}"));
        torch.Step(() =>
        {
            calls.Add("closure");
            Array.Fill(_ones, 1);
            a.CopyGradient(_ones);
            return 0;
        });
        two.Dispose();
        two.Dispose();
        torch.Step();
        Assert.Equal(["one True", "two", "closure", "after 1 False", "one False", "after 2 False"], calls);
    }

    [Fact]
    public void HooksThatWereTakenAwayAreForgotten()
    {
        using Parameter a = Make.WithGradient();
        using TorchOptimizer torch = new([a], new AdamOptions());
        HookList hooks = new();
        int calls = 0;
        IDisposable? second = null;
        using IDisposable first = hooks.Add(_ => second!.Dispose());
        second = hooks.Add(_ => calls++);
        using IDisposable third = hooks.Add(_ => calls += 10);
        hooks.Run(torch);
        Assert.Equal((10, 2), (calls, hooks.Count));
        for (int i = 0; i < 100; i++)
            hooks.Add(_ => { }).Dispose();
        Assert.Equal(2, hooks.Count);
    }

    private readonly float[] _ones = new float[10];

    [Fact]
    public void ZeroGradTakesGradientsAwayOrZeroesThem()
    {
        using Parameter a = Make.WithGradient();
        using TorchOptimizer torch = new([a], new AdamaxOptions());
        torch.ZeroGrad(setToNone: false);
        Assert.All(a.Gradient.ToArray(), g => Assert.Equal(0, g));
        torch.ZeroGrad();
        Assert.False(a.HasGradient);
        torch.Step();
        Assert.Equal((0, 1), (torch.LastReport.TensorsUpdated, torch.LastReport.TensorsSkipped));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        using Parameter a = Make.Weights(9, 1), b = Make.Weights(40, 2);
        using TorchOptimizer torch = new([a], new AdamOptions { LearningRate = LearningRate.From(() => 0.1) });
        Assert.Throws<ArgumentException>(() => new TorchOptimizer(Array.Empty<Parameter>(), new AdamOptions()));
        Assert.Throws<ArgumentException>(() => new TorchOptimizer(Array.Empty<ParameterGroup>(), new AdamOptions()));
        Assert.Throws<ArgumentException>(
            () => new TorchOptimizer([new ParameterGroup([b], new AdamaxOptions())], new AdamOptions()));
        Assert.Throws<ArgumentException>(() => torch.AddParamGroup([a]));
        Assert.Throws<ArgumentException>(() => torch.AddParamGroup([b], new AdamaxOptions()));
        Assert.Throws<InvalidOperationException>(() => torch.ParamGroups[0].Lr = 0.2);
        Assert.Throws<ArgumentException>(() => torch.ParamGroups[0].Options = new AdamaxOptions());
        Assert.Throws<ArgumentException>(
            () => torch.ParamGroups[0].Options = torch.ParamGroups[0].Options with { MaxDegreeOfParallelism = 7 });
        Assert.Throws<ArgumentNullException>(() => torch.Step<int>(null!));
        Assert.Throws<ArgumentNullException>(() => torch.RegisterStepPreHook(null!));
        Assert.Throws<ArgumentNullException>(() => torch.LoadStateDict(null!));
        Assert.Single(torch.ParamGroups);
    }

    /// <summary>The object, with two parameters of which the second misses every third gradient.</summary>
    private sealed class Run : IDisposable
    {
        public Run(OptimizerOptions options) => Optimizer = OptimizerFactory.Create([A, B], options);

        public Parameter A { get; } = Make.Weights(9, 1);

        public Parameter B { get; } = Make.Weights(40, 2);

        public Optimizer Optimizer { get; }

        public static float[] Gradient(int step, int length) => Training.Numbers((uint)(100 * step + length), length);

        public void Step(int step)
        {
            A.CopyGradient(Gradient(step, 9));
            if (step % 3 != 0)
                B.CopyGradient(Gradient(step, 40));
            else
                B.ClearGradient();
            Optimizer.Step();
        }

        public void Dispose()
        {
            Optimizer.Dispose();
            A.Dispose();
            B.Dispose();
        }
    }
}
