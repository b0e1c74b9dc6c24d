using NativeAdamax.Checkpoints;
using NativeAdamax.Constraints;
using NativeAdamax.Scaling;
using NativeAdamax.Schedules.Optax;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Steps;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>A run that is cut and goes on elsewhere ends on the bits of the run that was not.</summary>
public sealed class ResumeTests
{
    private const int Calls = 7;

    private static readonly int[] Lengths = [70, 1, 5, 0, 33];

    public static TheoryData<string, string> Options
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string option in EveryOptionTests.Options.Keys.Append("none"))
            {
                foreach (string name in new[] { "Torch Adam", "Keras Adamax", "MXNet Nadam", "Optax AdamW", "TfKeras AMSGrad" })
                    cases.Add(option, name);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void ARunCutAtAnyCallOfAnyOptionGoesOnWithTheSameBits(string option, string name)
    {
        int next = 0;
        BackendSelection[] backends = [.. Backend.Available];
        using Run whole = New(option, name, backends[0], 1).Call(Calls);
        for (int cut = 0; cut <= Calls; cut++)
        {
            using Run first = New(option, name, backends[next++ % backends.Length], 1).Call(cut);
            byte[] saved = first.Save();
            using Run second = New(option, name, backends[next % backends.Length], 3, seed: 77).At(cut);
            LoadReport report = second.Load(saved);
            Assert.True(report.IsComplete && report.Kept.Count == 0);
            Assert.Equal(saved, second.Save());
            second.Call(Calls - cut);
            whole.AssertSame(second, $"{option} of {name} cut at {cut}");
        }
    }

    [Fact]
    public void PartsThatThreadsShareGoOnWithTheSameBits()
    {
        int[] lengths = [600_001, 1, 70_000];
        AdamOptions options = new()
        {
            Dialect = Dialect.PyTorch,
            AmsGrad = true,
            GlobalClipNorm = 5,
            AccumulationSteps = 2,
            Ema = new EmaOptions(),
        };
        using Run whole = new Run(options with { MaxDegreeOfParallelism = 1 }, lengths).Call(4);
        foreach (BackendSelection backend in Backend.Available)
        {
            using Run first = new Run(options with { Backend = backend, MaxDegreeOfParallelism = 2 }, lengths).Call(3);
            using Run second = new Run(options with { MaxDegreeOfParallelism = 3 }, lengths, 9).At(3);
            second.Load(first.Save());
            second.Call();
            whole.AssertSame(second, $"{backend}");
        }
    }

    [Fact]
    public void WhatChangedLiveIsRestored()
    {
        static Optimizer Two(Parameter[] p) => new Adam(
            [new ParameterGroup([p[0]]), new ParameterGroup(p[1..], new AdamOptions { Beta1 = 0.7 })],
            new AdamOptions { WeightDecay = 0.1, SkipNonFinite = true });
        static void Change(Run run)
        {
            Optimizer optimizer = run.Optimizer;
            optimizer.SetOptions((AdamOptions)optimizer.Options with { Beta2 = 0.77, ClipPercentile = 40, Epsilon = 0.1 });
            optimizer.SetOptions(optimizer.Groups[1], new AdamOptions { WeightDecay = 0.3, LearningRate = 0.07 });
            optimizer.LearningRate = 1.0 / 3;
            optimizer.GradientScale = 0.3;
            optimizer.SetLearningRateFactor(1, 0.7);
            optimizer.SetWeightDecayFactor("w2", 0.2);
            optimizer.ExcludeFromWeightDecay(namePatterns: ["^w0$"]);
            run.Parameters[3].IsFrozen = true;
        }

        using Run whole = new Run(Two, [9, 5, 4, 3]).Call(2);
        Change(whole);
        whole.Call(2);
        byte[] saved = whole.Save();
        whole.Call(3);
        using Run second = new Run(Two, [9, 5, 4, 3], 50).At(4);
        second.Load(saved);
        Assert.Equal(1.0 / 3, second.Optimizer.LearningRate);
        Assert.True(second.Parameters[3].IsFrozen);
        second.Call(3);
        whole.AssertSame(second, "live changes");
        Assert.Equal(0.77, second.Optimizer.Options.Beta2);
    }

    [Fact]
    public void SchedulesThatRememberGoOn()
    {
        static (LearningRate Rule, ReduceOnPlateau Inner, ReduceLROnPlateau Last) Rules()
        {
            ReduceOnPlateau inner = new(0.5, factor: 0.5, patience: 2, accumulationSize: 2, cooldown: 1);
            ReduceLROnPlateau last = new(0.25, factor: 0.5, patience: 1, cooldown: 2);
            return (new JoinSchedules([inner.Every(2), last], [4]), inner, last);
        }

        static void Go(Run run, (LearningRate Rule, ReduceOnPlateau Inner, ReduceLROnPlateau Last) rules, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                rules.Inner.Report(i % 3);
                rules.Last.Report(-i % 4);
                run.Call();
            }
        }

        for (int cut = 0; cut <= 9; cut++)
        {
            var rules = Rules();
            using Run whole = new(new AdamaxOptions { LearningRate = rules.Rule }, [20, 3]);
            Go(whole, rules, 0, cut);
            byte[] saved = whole.Save();
            Go(whole, rules, cut, 10);
            var others = Rules();
            using Run second = new Run(new AdamaxOptions { LearningRate = others.Rule }, [20, 3], 9).At(cut);
            second.Load(saved);
            Go(second, others, cut, 10);
            Assert.Equal(rules.Inner.Scale, others.Inner.Scale);
            Assert.True(others.Last.CurrentLr < 0.25 && others.Inner.Scale < 1);
            whole.AssertSame(second, $"schedules cut at {cut}");
        }
    }

    [Fact]
    public void RefusedGradientsAreCountedOn()
    {
        static Run New(uint seed) => new(
            new AdamOptions { SkipNonFinite = true, MaxConsecutiveSkips = 3, LossScale = LossScale.Dynamic(Dialect.MXNet) }, [4], seed);
        using Run first = New(1).Call();
        first.Parameters[0].Gradient[2] = float.NaN;
        first.Optimizer.Step();
        first.Optimizer.Step();
        using Run second = New(5);
        second.Load(first.Save());
        Assert.Equal((2L, 2L), (second.Optimizer.NonFiniteInARow, second.Optimizer.NonFiniteCount));
        Assert.Equal(first.Optimizer.Options.LossScale!.Scale, second.Optimizer.Options.LossScale!.Scale);
        first.Call(2);
        second.At(1).Call(2);
        first.AssertSame(second, "refused");
    }

    [Fact]
    public void AnAverageThatAddGroupExtendedGoesOn()
    {
        AdamaxOptions options = new() { Ema = new EmaOptions { Momentum = 0.5 } };
        Run New(uint seed) => new(p =>
        {
            Adamax optimizer = new([new ParameterGroup(p[..1])], options);
            return optimizer;
        }, [4, 6], seed);
        using Run first = New(1);
        first.Call(2);
        first.Optimizer.AddGroup(new ParameterGroup(first.Parameters[1..]));
        first.Call(2);
        using Run second = New(8);
        second.Optimizer.AddGroup(new ParameterGroup(second.Parameters[1..]));
        second.At(4).Load(first.Save());
        first.Call(2);
        second.Call(2);
        first.AssertSame(second, "an added group");
    }

    private static Run New(string option, string name, BackendSelection backend, int threads, uint seed = 1)
    {
        OptimizerOptions plain = EveryOptionTests.Plain(name);
        OptimizerOptions options = EveryOptionTests.Options.TryGetValue(option, out var with) ? with(plain) : plain;
        Run run = new(options with { Backend = backend, MaxDegreeOfParallelism = threads }, Lengths, seed, parameters =>
        {
            parameters[0].Constraint = option switch
            {
                "NonNegative" => WeightConstraint.NonNegative,
                "MaxNorm" => NormConstraint.Max(1, 70, most: 0.25),
                _ => null,
            };
            parameters[4].IsFrozen = option == "IsFrozen";
        });
        run.Optimizer.GradientScale = option == "GradientScale" ? 0.25 : 1;
        return run;
    }
}
