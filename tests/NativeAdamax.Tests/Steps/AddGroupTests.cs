using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

/// <summary>Parameters that join an optimizer while it trains.</summary>
public sealed class AddGroupTests
{
    /// <summary>PyTorch counts by parameter: one that joins later is one that had no gradient before.</summary>
    [Theory]
    [InlineData("Torch Adam")]
    [InlineData("Torch AMSGrad")]
    [InlineData("Torch Nadam")]
    [InlineData("MXNet Adamax")]
    public void AGroupThatJoinsIsOneThatHadNoGradientBefore(string name)
    {
        float[][] joined = Run(name, joins: true), there = Run(name, joins: false);
        for (int k = 0; k < there.Length; k++)
            Bits.AssertEqual(there[k], joined[k], $"{name}, stream {k}");
    }

    /// <summary>Keras and optax have one count: who joins at it 3 is corrected as for the fourth time.</summary>
    [Theory]
    [InlineData("Keras Nadam")]
    [InlineData("Optax Adam")]
    public void WhereOneCountServesAllItServesThoseThatJoinToo(string name)
    {
        float[][] joined = Run(name, joins: true), there = Run(name, joins: false);
        for (int k = 0; k < there.Length; k++)
            Bits.AssertEqual(there[k], joined[k], $"{name}, stream {k}");
    }

    /// <summary>After so many updates Nadam's product has long come to rest.</summary>
    [Fact]
    public void AGroupJoinsAfterAnyNumberOfUpdatesAtOnce()
    {
        using Parameter first = Make.WithGradient(), second = Make.WithGradient();
        using Nadam optimizer = new([first]);
        ParameterState state = optimizer.State(first);
        state.UpdateCount = 1L << 62;
        state.MomentumProduct = 0;
        optimizer.AddGroup(new ParameterGroup([second]));
        Assert.Equal(1L << 62, optimizer.State(second).UpdateCount);
        Assert.InRange(optimizer.State(second).MomentumProduct, 0, 1e-300);
        Assert.True(float.IsFinite(optimizer.Step() is { Step: 1 } ? second.Weights[0] : float.NaN));
    }

    [Fact]
    public void AGroupBringsItsOwnScheduleAndInheritsTheRest()
    {
        using Parameter first = Make.WithGradient(), second = Make.WithGradient();
        using Adam optimizer = new([first], new AdamOptions { Dialect = Dialect.PyTorch, Beta1 = 0.5, LearningRate = 0.25 });
        optimizer.Step();
        var schedule = new StepLR(0.125, 2);
        ParameterGroup group = new([second], new AdamOptions { Dialect = Dialect.PyTorch, LearningRate = schedule });
        optimizer.AddGroup(group);
        Assert.Equal(2, optimizer.Groups.Count);
        Assert.Equal([first, second], optimizer.Parameters);
        Assert.Equal((0.5, schedule), (optimizer.OptionsOf(group).Beta1, optimizer.OptionsOf(group).LearningRate));
        using Parameter alone = Make.WithGradient();
        using Adam single = new([alone], new AdamOptions { Dialect = Dialect.PyTorch, Beta1 = 0.5 });
        for (int step = 1; step <= 4; step++)
        {
            single.LearningRate = schedule.At(step);
            optimizer.Step();
            single.Step();
            Bits.AssertEqual(alone.Weights, second.Weights, $"step {step}");
        }
    }

    [Fact]
    public void TheAverageOfAParameterThatJoinsBeginsWithItsWeights()
    {
        using Parameter first = Make.WithGradient(), second = Make.WithGradient(7, 2);
        float[] atFirst = second.Weights.ToArray();
        using Adamax optimizer = new([first], new AdamaxOptions { Ema = new EmaOptions { Momentum = 0.5 } });
        optimizer.Step();
        optimizer.Step();
        WeightEma average = optimizer.Ema!;
        float[] before = average.Average(first).ToArray();
        optimizer.AddGroup(new ParameterGroup([second]));
        Assert.Same(average, optimizer.Ema);
        Bits.AssertEqual(before, average.Average(first), "the average of the first");
        Bits.AssertEqual(atFirst, average.Average(second), "the average of the second");
        optimizer.Step();
        for (int i = 0; i < atFirst.Length; i++)
            Assert.Equal(atFirst[i] + 0.5f * (second.Weights[i] - atFirst[i]), average.Average(second)[i]);
        using (average.Swap())
            Assert.Throws<InvalidOperationException>(() => optimizer.AddGroup(new ParameterGroup([Make.Weights()])));
    }

    [Fact]
    public void WhatIsRefusedLeavesTheOptimizerAsItWas()
    {
        using Parameter first = Make.WithGradient(), second = Make.WithGradient(10, 2);
        using Adam optimizer = new([first], new AdamOptions { AccumulationSteps = 2 });
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        Assert.Throws<ArgumentNullException>("group", () => optimizer.AddGroup(null!));
        ArgumentException twice = Assert.Throws<ArgumentException>(() => optimizer.AddGroup(new([first])));
        Assert.Contains(first.Name, twice.Message, StringComparison.Ordinal);
        using Parameter shares = ShareMemory(first);
        Assert.Throws<ArgumentException>(() => optimizer.AddGroup(new([shares])));
        Assert.Throws<ArgumentException>(() => optimizer.AddGroup(new([second], new NadamOptions())));
        Assert.Throws<ArgumentException>(() => optimizer.AddGroup(new([second], new AdamOptions { Dialect = Dialect.PyTorch })));
        Assert.Throws<ArgumentException>(() => optimizer.AddGroup(new([second], new AdamOptions { AccumulationSteps = 3 })));
        Assert.Single(optimizer.Groups);
        before.AssertUnchanged(optimizer);

        float[] sum = optimizer.State(first).GradientSum.ToArray();
        optimizer.AddGroup(new([second]));
        Bits.AssertEqual(sum, optimizer.State(first).GradientSum, "the sum under way");
        Assert.True(optimizer.Step().IsUpdate);
    }

    [Fact]
    public void ParametersAreHeldFromWhenTheyJoin()
    {
        using Parameter first = Make.WithGradient();
        Parameter second = Make.WithGradient(10, 2);
        Adam optimizer = new([first]);
        optimizer.AddGroup(new([second]));
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step());
        optimizer.Dispose();
    }

    private static unsafe Parameter ShareMemory(Parameter parameter) =>
        Parameter.Over(parameter.WeightsPointer, parameter.Length);

    private static float[][] Run(string name, bool joins)
    {
        using Parameter first = Make.Weights(33), second = Make.Weights(70, 2);
        OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new());
        using Optimizer optimizer = OptimizerFactory.Create(joins ? [first] : [first, second], options);
        for (int step = 0; step < 7; step++)
        {
            if (step == 3 && joins)
                optimizer.AddGroup(new ParameterGroup([second]));
            first.CopyGradient(Training.Numbers(100 + (uint)step, 33));
            if (step >= 3)
                second.CopyGradient(Training.Numbers(200 + (uint)step, 70));
            else
                second.ClearGradient();
            optimizer.Step();
        }

        Parameter[] all = [first, second];
        return [.. all.Select(p => p.Weights.ToArray()), .. all.Select(p => optimizer.State(p).SecondMoment.ToArray())];
    }
}
