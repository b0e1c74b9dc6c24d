using CommunityToolkit.HighPerformance;
using NativeAdamax.Constraints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Sparse;

/// <summary>What is refused of rows, each time before anything has changed.</summary>
public sealed class SparseRefusalTests
{
    [Theory]
    [InlineData(3, 2, "values", 0, 1)]
    [InlineData(1, 2, "values", 0, 1)]
    [InlineData(2, 4, "values", 0, 1)]
    [InlineData(2, 0, "values", 0, 1)]
    [InlineData(2, 2, "rows[1]", 0, -1)]
    [InlineData(2, 2, "rows[0]", 5, 4)]
    [InlineData(2, 2, "rows[1]", 4, int.MaxValue)]
    [InlineData(2, 2, "rows[0]", int.MinValue, 0)]
    public void RowsThatTheWeightsDoNotHaveAreRefused(int height, int width, string name, params int[] rows)
    {
        using Parameter parameter = Make.Weights(10);
        Rows.Of(5, 1).GiveTo(parameter);
        float[] before = FirstMoment(parameter);
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() =>
            parameter.SetRowGradient(rows, new ReadOnlySpan2D<float>(new float[height * width], height, width)));
        Assert.Equal(name, refused.ParamName);
        Assert.Equal(before, FirstMoment(parameter));
    }

    [Theory]
    [InlineData(SparseMode.LazyRows)]
    [InlineData(SparseMode.Exact)]
    public void WhatNeedsEveryRowAtEveryStepIsRefusedWithRowsLeftOut(SparseMode mode)
    {
        AdamOptions options = new() { SparseMode = mode };
        AssertRefused(nameof(options.Ema), options with { Ema = new EmaOptions() });
        AssertRefused(nameof(options.AccumulationSteps), options with { AccumulationSteps = 2 });
        AssertRefused(nameof(options.AccumulationSchedule), options with { AccumulationSchedule = _ => 1 });
        AssertRefused(nameof(options.MaxUpdateNorm), options with { MaxUpdateNorm = 1 });
        using Parameter parameter = Make.Weights();
        using Adam optimizer = new([parameter], options);
        Assert.Throws<ArgumentException>(() => optimizer.SetOptions(options with { MaxUpdateNorm = 1 }));
        using Adam averaged = new([parameter], options with { SparseMode = null, Ema = new EmaOptions() });
        Assert.Throws<ArgumentException>(() => averaged.SetOptions(averaged.Options with { SparseMode = mode }));
        Assert.Throws<ArgumentException>(() =>
            new Adam([new ParameterGroup([parameter], options)], new AdamOptions { Ema = new EmaOptions() }));
    }

    [Fact]
    public void ACoupledDecayIsRefusedWithRowsThatMakeUpForMissedSteps()
    {
        AdamOptions exact = new() { Dialect = Dialect.MXNet, SparseMode = SparseMode.Exact };
        AssertRefused(nameof(exact.WeightDecay), exact with { WeightDecay = 0.1 });
        AssertRefused(nameof(exact.WeightDecay), exact with
        {
            Dialect = Dialect.Keras,
            WeightDecay = 0.1,
            WeightDecayForm = WeightDecayForm.Coupled,
        });
        using Parameter parameter = Make.Weights();
        using Adam lazy = new([parameter], exact with { WeightDecay = 0.1, SparseMode = SparseMode.LazyRows });
        Assert.Equal(SparseMode.LazyRows, lazy.Options.SparseMode);
        using Adam none = new([parameter], exact with { WeightDecay = 0 });
        Assert.Equal(SparseMode.Exact, none.Options.SparseMode);
    }

    [Fact]
    public void AConstraintOnAllRowsIsRefusedWithRowsThatMakeUpForMissedSteps()
    {
        foreach (WeightConstraint constraint in new[] { NormConstraint.Max(5, 2, byRow: true), WeightConstraint.From(_ => { }) })
        {
            using Parameter parameter = Make.Weights();
            using Adam optimizer = new([parameter], new AdamOptions { SparseMode = SparseMode.Exact });
            Rows.Of(2, 1).GiveTo(parameter);
            parameter.Constraint = constraint;
            AssertStepRefused(optimizer);
            parameter.Constraint = WeightConstraint.NonNegative;
            Assert.True(optimizer.Step().IsUpdate);
        }
    }

    [Fact]
    public void PyTorchsOptimizersRefuseRowsThatTheyAreNotToldTheMeaningOf()
    {
        foreach (string name in OptimizerCases.All.Where(n => n.StartsWith("Torch", StringComparison.Ordinal)))
        {
            using Parameter parameter = Make.Weights();
            OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new());
            using Optimizer optimizer = OptimizerFactory.Create([parameter], options);
            Rows.Of(2, 1).GiveTo(parameter);
            AssertStepRefused(optimizer);
            optimizer.SetOptions(optimizer.Options with { SparseMode = SparseMode.Dense });
            Assert.True(optimizer.Step().IsUpdate);
        }
    }

    [Fact]
    public void SparseAdamTakesRowsOnly()
    {
        using Parameter parameter = Make.WithGradient();
        using SparseAdam optimizer = new([parameter]);
        AssertStepRefused(optimizer);
        Assert.Throws<InvalidOperationException>(() => optimizer.Step(new float[10]));
        parameter.ClearGradient();
        Assert.False(optimizer.Step().IsUpdate);
        Rows.Of(2, 1).GiveTo(parameter);
        Assert.True(optimizer.Step().IsUpdate);
    }

    [Fact]
    public void SparseAdamRefusesWhatPyTorchsDoes()
    {
        SparseAdamOptions options = new();
        using Parameter parameter = Make.Weights();
        (string Name, SparseAdamOptions Options)[] refused =
        [
            (nameof(options.LearningRate), options with { LearningRate = 0.0 }),
            (nameof(options.Epsilon), options with { Epsilon = 0 }),
            (nameof(options.WeightDecay), options with { WeightDecay = 0.1 }),
            (nameof(options.Dialect), options with { Dialect = Dialect.Keras }),
            (nameof(options.SparseMode), options with { SparseMode = SparseMode.Exact }),
        ];
        foreach ((string name, SparseAdamOptions bad) in refused)
            Assert.Equal(name, Assert.Throws<ArgumentException>(() => new SparseAdam([parameter], bad)).ParamName);
        using SparseAdam good = new([new ParameterGroup([parameter], new SparseAdamOptions { LearningRate = 0.1 })]);
        Assert.Equal((0.001, 1e-8, SparseMode.LazyRows), (good.LearningRateRule.At(0), good.Options.Epsilon!.Value, good.Options.SparseMode!.Value));
    }

    [Fact]
    public void RowsToCatchUpWithMustBeThere()
    {
        using Parameter parameter = Make.Weights(10), other = Make.Weights();
        using Adam optimizer = new([parameter], new AdamOptions { SparseMode = SparseMode.Exact });
        Rows.Of(2, 1).GiveTo(parameter);
        optimizer.Step();
        Assert.Throws<ArgumentException>(() => optimizer.CatchUp(other, [1]));
        Assert.Throws<ArgumentNullException>(() => optimizer.CatchUp(null!, [1]));
        foreach (int row in new[] { -1, 5, int.MaxValue })
            Assert.Equal("rows[1]", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.CatchUp(parameter, [0, row])).ParamName);
        optimizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => optimizer.CatchUp(parameter, [1]));
        Assert.Throws<ObjectDisposedException>(optimizer.Flush);
    }

    [Fact]
    public void AModeThatDoesNotExistIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamOptions { SparseMode = (SparseMode)3 });

    private static void AssertRefused(string name, AdamOptions options)
    {
        using Parameter parameter = Make.Weights();
        Assert.Equal(name, Assert.Throws<ArgumentException>(() => new Adam([parameter], options)).ParamName);
    }

    private static void AssertStepRefused(Optimizer optimizer)
    {
        Make.Snapshot before = Make.Snap(optimizer);
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Contains(optimizer.Parameters[0].Name, refused.Message, StringComparison.Ordinal);
        before.AssertUnchanged(optimizer);
    }

    /// <summary>m after a step with what is given now and beta1 = 0: the gradient.</summary>
    private static float[] FirstMoment(Parameter parameter)
    {
        using Adam optimizer = new([parameter], new AdamOptions { Beta1 = 0, LearningRate = 0.0 });
        optimizer.Step();
        return optimizer.State(parameter).FirstMoment.ToArray();
    }
}
