using NativeAdamax.Scaling;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

/// <summary>Numbers that change while training, and states that are set from outside.</summary>
public sealed class LiveOptionTests
{
    public static TheoryData<string, Dialect> Names
    {
        get
        {
            TheoryData<string, Dialect> names = [];
            foreach (string name in Changes.Keys)
            {
                foreach (Dialect dialect in (Dialect[])[Dialect.Keras, Dialect.TfKeras, Dialect.Optax, Dialect.PyTorch])
                    names.Add(name, dialect);
            }

            return names;
        }
    }

    public static TheoryData<string> FixedNames => [.. Laid.Keys];

    private static readonly Dictionary<string, Func<AdamOptions, AdamOptions>> Changes = new()
    {
        ["LearningRate"] = o => o with { LearningRate = 0.5 },
        ["a schedule"] = o => o with { LearningRate = new StepLR(0.5, 2) },
        ["Beta1"] = o => o with { Beta1 = 0.5 },
        ["Beta2"] = o => o with { Beta2 = 0.5 },
        ["Epsilon"] = o => o with { Epsilon = 0.5 },
        ["EpsilonRoot"] = o => o with { EpsilonRoot = 0.5 },
        ["AdaptiveEpsilon"] = o => o with { Epsilon = 0.5, AdaptiveEpsilon = o.Dialect is Dialect.Keras or Dialect.TfKeras },
        ["Nesterov"] = o => o with { Nesterov = true },
        ["WeightDecay"] = o => o with { WeightDecay = 0.5 },
        ["WeightDecayForm"] = o => o with { WeightDecay = 0.5, WeightDecayForm = WeightDecayForm.Decoupled },
        ["ClipValue"] = o => o with { ClipValue = 0.125 },
        ["ClipNorm"] = o => o with { ClipNorm = 0.125 },
        ["GlobalClipNorm"] = o => o with { GlobalClipNorm = 0.125 },
        ["ClipPercentile"] = o => o with { ClipPercentile = 10 },
        ["MaxUpdateNorm"] = o => o with { MaxUpdateNorm = 1e-4 },
        ["Maximize"] = o => o with { Maximize = true },
        ["BiasCorrection"] = o => o with { BiasCorrection = false },
    };

    private static readonly Dictionary<string, Func<AdamOptions, AdamOptions>> Laid = new()
    {
        ["AmsGrad"] = o => o with { AmsGrad = true },
        ["AccumulationSteps"] = o => o with { AccumulationSteps = 2 },
        ["AccumulationSchedule"] = o => o with { AccumulationSchedule = _ => 2 },
        ["LossScale"] = o => o with { LossScale = LossScale.Fixed(2) },
        ["DecayMask"] = o => o with { DecayMask = _ => false },
        ["ZeroGradients"] = o => o with { ZeroGradients = true },
        ["Ema"] = o => o with { Ema = new EmaOptions() },
        ["Backend"] = o => o with { Backend = new BackendSelection(BackendKind.Managed) },
        ["MaxDegreeOfParallelism"] = o => o with { MaxDegreeOfParallelism = 7 },
        ["Logger"] = o => o with { Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance },
    };

    /// <summary>A new optimizer with the new numbers, given the old one's states and counts, goes the same way.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void AChangedNumberIsThatOfANewOptimizerThatGoesOnFromHere(string name, Dialect dialect)
    {
        using Parameter changed = Make.Weights(40), other = Make.Weights(40);
        AdamOptions before = new() { Dialect = dialect, LearningRate = 0.25 };
        using Adam optimizer = new([changed], before);
        Train(optimizer, changed, 0, 3);
        optimizer.SetOptions(Changes[name]((AdamOptions)optimizer.Options));

        using Adam next = new([other], Changes[name](before));
        Move(optimizer, changed, next, other);
        Train(optimizer, changed, 3, 4);
        Train(next, other, 3, 4);
        Bits.AssertEqual(other.Weights, changed.Weights, name);

        using Parameter plain = Make.Weights(40);
        using Adam without = new([plain], before);
        Train(without, plain, 0, 7);
        Assert.False(Bits.AreEqual(plain.Weights, changed.Weights), $"{name} changed nothing");
    }

    [Theory]
    [MemberData(nameof(FixedNames))]
    public void WhatIsLaidOutAtConstructionCannotChange(string name)
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter]);
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            optimizer.SetOptions(Laid[name]((AdamOptions)optimizer.Options)));
        Assert.Equal(name, refused.ParamName);
        Assert.Throws<ArgumentException>(() =>
            optimizer.SetOptions(optimizer.Groups[0], Laid[name](new AdamOptions())));
        before.AssertUnchanged(optimizer);
    }

    [Fact]
    public void AnotherKindOrDialectIsRefused()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter]);
        Assert.Throws<ArgumentException>("options", () => optimizer.SetOptions(new NadamOptions()));
        Assert.Throws<ArgumentException>("options", () => optimizer.SetOptions(new AdamOptions { Dialect = Dialect.MXNet }));
        Assert.Throws<ArgumentNullException>("options", () => optimizer.SetOptions(null!));
        Assert.Throws<ArgumentException>("group", () => optimizer.SetOptions(new ParameterGroup([parameter]), null));
    }

    [Fact]
    public void AGroupsOwnNumbersStayWhenTheOptimizersChange()
    {
        using Parameter a = Make.WithGradient(), b = Make.WithGradient(10, 2);
        ParameterGroup own = new([b], new AdamOptions { WeightDecay = 0.5 });
        using Adam optimizer = new([new ParameterGroup([a]), own], new AdamOptions { Beta1 = 0.5 });
        optimizer.SetOptions((AdamOptions)optimizer.Options with { WeightDecay = 0.25, Beta1 = 0.75 });
        Assert.Equal((0.25, 0.75), (optimizer.OptionsOf(optimizer.Groups[0]).WeightDecay, optimizer.OptionsOf(optimizer.Groups[0]).Beta1));
        Assert.Equal((0.5, 0.75), (optimizer.OptionsOf(own).WeightDecay, optimizer.OptionsOf(own).Beta1));
        optimizer.SetOptions(own, new AdamOptions { Beta1 = 0.125 });
        Assert.Equal((0.25, 0.125), (optimizer.OptionsOf(own).WeightDecay, optimizer.OptionsOf(own).Beta1));
        optimizer.SetOptions(own, null);
        Assert.Equal(optimizer.Options, optimizer.OptionsOf(own));
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    public void ARuleReplacesAnotherWhereANumberIsRefused(Dialect dialect)
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter], new AdamOptions { Dialect = dialect, LearningRate = new StepLR(0.5, 1) });
        Assert.Equal(0.5, optimizer.Step().LearningRate);
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate = 0.1);
        Assert.Contains(nameof(Optimizer.LearningRateRule), refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => optimizer.LearningRateRule = null!);
        optimizer.LearningRateRule = LearningRate.From(count => count);
        Assert.Equal(1, optimizer.Step().LearningRate);
        optimizer.LearningRateRule = 0.25;
        optimizer.LearningRate = 0.125;
        Assert.Equal(0.125, optimizer.Step().LearningRate);
        Assert.Equal(0.125, optimizer.Options.LearningRate!.At(0));
    }

    /// <summary>MXNet's num_update is the largest count of any index, with the update under way.</summary>
    [Fact]
    public void MXNetsRatesSeeTheLargestCountOfAParameter()
    {
        using Parameter often = Make.Weights(), seldom = Make.Weights(10, 2);
        List<long> seen = [];
        using Adam optimizer = new([often, seldom], new AdamOptions
        {
            Dialect = Dialect.MXNet,
            LearningRate = LearningRate.From(count =>
            {
                seen.Add(count);
                return 0.1;
            }),
        });
        foreach ((bool o, bool s) in new[] { (true, false), (true, true), (false, true), (false, true), (true, true) })
        {
            Give(often, o);
            Give(seldom, s);
            optimizer.Step();
        }

        Assert.Equal([1, 2, 2, 3, 4], seen);
        Assert.Equal((3L, 4L), (optimizer.State(often).UpdateCount, optimizer.State(seldom).UpdateCount));

        static void Give(Parameter parameter, bool gradient)
        {
            if (gradient)
                parameter.UseOwnGradient();
            else
                parameter.ClearGradient();
        }
    }

    [Fact]
    public void CountsAndProductsHaveTheirRanges()
    {
        using Parameter parameter = Make.WithGradient();
        using Nadam optimizer = new([parameter], new NadamOptions { Ema = new EmaOptions() });
        ParameterState state = optimizer.State(parameter);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.StepCount = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.CallCount = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Ema!.Updates = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateCount = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.StepCount = long.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.CallCount = long.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Ema!.Updates = long.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateCount = long.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.MomentumProduct = 1.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.MomentumProduct = double.NaN);
        Assert.Equal(0, state.MaxSecondMoment.Length + state.GradientSum.Length);
        Assert.Equal((0L, 1.0), (state.UpdateCount, state.MomentumProduct));
        optimizer.Step();
        Assert.Equal(1, state.UpdateCount);
        Assert.InRange(state.MomentumProduct, 0.4, 0.6);
    }

    private static void Move(Optimizer from, Parameter old, Optimizer to, Parameter parameter)
    {
        old.Weights.CopyTo(parameter.Weights);
        ParameterState source = from.State(old), state = to.State(parameter);
        source.FirstMoment.CopyTo(state.FirstMoment);
        source.SecondMoment.CopyTo(state.SecondMoment);
        state.UpdateCount = source.UpdateCount;
        state.MomentumProduct = source.MomentumProduct;
        to.StepCount = from.StepCount;
        to.CallCount = from.CallCount;
    }

    private static void Train(Optimizer optimizer, Parameter parameter, int from, int steps)
    {
        for (int step = from; step < from + steps; step++)
        {
            parameter.CopyGradient(Training.Numbers(500 + (uint)step, 40));
            optimizer.Step();
        }
    }
}
