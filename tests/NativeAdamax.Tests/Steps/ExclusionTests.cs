namespace NativeAdamax.Tests.Steps;

/// <summary>Parameters left out of weight decay, and factors by name and by place.</summary>
public sealed class ExclusionTests
{
    /// <summary>With rate 0.5, decay 0.5 and no gradient direction, a weight of 8 that decays becomes 6.</summary>
    private static readonly AdamWOptions Decay = new() { LearningRate = 0.5, WeightDecay = 0.5 };

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    public void ParametersOfAListAndOfAPatternDoNotDecayAndTheNextCallReplacesThem(Dialect dialect)
    {
        using Parameter kernel = Of("dense/kernel"), bias = Of("dense/bias"), gamma = Of("norm/gamma");
        using AdamW optimizer = new([kernel, bias, gamma], Decay with { Dialect = dialect });
        optimizer.ExcludeFromWeightDecay([gamma], ["bias$"]);
        optimizer.Step();
        Assert.Equal((6f, 8f, 8f), (kernel.Weights[0], bias.Weights[0], gamma.Weights[0]));
        optimizer.ExcludeFromWeightDecay(namePatterns: ["^dense/"]);
        optimizer.Step();
        Assert.Equal((6f, 8f, 6f), (kernel.Weights[0], bias.Weights[0], gamma.Weights[0]));
        optimizer.ExcludeFromWeightDecay();
        optimizer.Step();
        Assert.Equal((4.5f, 6f, 4.5f), (kernel.Weights[0], bias.Weights[0], gamma.Weights[0]));
    }

    [Theory]
    [InlineData(WeightDecayForm.Coupled)]
    [InlineData(WeightDecayForm.Decoupled)]
    [InlineData(WeightDecayForm.DecoupledCorrectedRate)]
    public void AnyFormOfDecayLeavesThemOut(WeightDecayForm form)
    {
        using Parameter excluded = Of("bias"), decays = Of("kernel");
        using AdamW optimizer = new([excluded, decays], Decay with { WeightDecayForm = form });
        optimizer.ExcludeFromWeightDecay(namePatterns: ["bias"]);
        optimizer.Step();
        Assert.Equal(8f, excluded.Weights[0]);
        Assert.True(decays.Weights[0] < 8f);
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.MXNet)]
    public void FactorsGoByNameAndByPlace(Dialect dialect)
    {
        using Parameter first = Of("a"), second = Of("b"), third = Of("b");
        using AdamW optimizer = new(
            [first, second, third], Decay with { Dialect = dialect, WeightDecayForm = WeightDecayForm.Decoupled });
        optimizer.SetWeightDecayFactor("b", 0);
        optimizer.SetLearningRateFactor(0, 0.5);
        optimizer.Step();
        Assert.Equal((7f, 8f, 8f), (first.Weights[0], second.Weights[0], third.Weights[0]));
        optimizer.SetWeightDecayFactor(2, 2);
        optimizer.SetLearningRateFactor("a", 0);
        optimizer.Step();
        Assert.Equal((7f, 8f, 4f), (first.Weights[0], second.Weights[0], third.Weights[0]));
    }

    [Fact]
    public void WhatIsNotThereIsRefusedByName()
    {
        using Parameter mine = Of("mine"), other = Of("other");
        using AdamW optimizer = new([mine], Decay);
        ArgumentException unknown = Assert.Throws<ArgumentException>("name", () => optimizer.SetWeightDecayFactor("x", 1));
        Assert.Contains("x", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("index", () => optimizer.SetLearningRateFactor(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => optimizer.SetWeightDecayFactor(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => optimizer.SetWeightDecayFactor("mine", -1));
        Assert.Throws<ArgumentException>(() => optimizer.ExcludeFromWeightDecay([other]));
        Assert.ThrowsAny<ArgumentException>(() => optimizer.ExcludeFromWeightDecay(null, ["("]));
        optimizer.Step();
        Assert.Equal(6f, mine.Weights[0]);
    }

    private static Parameter Of(string name) => Parameter.Create([8f], name);
}
