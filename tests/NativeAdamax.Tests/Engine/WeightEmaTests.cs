using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

public sealed class WeightEmaTests
{
    [Fact]
    public void ASwapExchangesBitsAndGivesThemBack()
    {
        // Longer than one chunk of the exchange, and with values that arithmetic would not leave alone.
        using Parameter parameter = Make.WithGradient(2_500);
        using Adam optimizer = WithAverage(parameter);
        optimizer.Step();
        optimizer.Step();
        parameter.Weights[3] = float.NaN;
        parameter.Weights[4] = -0f;
        parameter.Weights[5] = 1e-42f;
        float[] weights = parameter.Weights.ToArray(), averages = optimizer.Ema!.Average(parameter).ToArray();
        Assert.False(Bits.AreEqual(weights, averages));
        using (optimizer.Ema.Swap())
        {
            Assert.True(optimizer.Ema.IsSwapped);
            Bits.AssertEqual(averages, parameter.Weights, "weights inside the swap");
            Bits.AssertEqual(weights, optimizer.Ema.Average(parameter), "averages inside the swap");
        }

        Assert.False(optimizer.Ema.IsSwapped);
        Bits.AssertEqual(weights, parameter.Weights, "weights after the swap");
        Bits.AssertEqual(averages, optimizer.Ema.Average(parameter), "averages after the swap");
    }

    [Fact]
    public void InsideASwapStepsAndSwapsAreRefused()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = WithAverage(parameter);
        optimizer.Step();
        optimizer.Step();
        WeightEma.SwapScope swap = optimizer.Ema!.Swap();
        Make.Snapshot before = Make.Snap(optimizer);
        Assert.Throws<InvalidOperationException>(() => { optimizer.Step(); });
        Assert.Throws<InvalidOperationException>(() => { optimizer.Step(new float[10]); });
        Assert.Throws<InvalidOperationException>(optimizer.Ema.Swap);
        before.AssertUnchanged(optimizer);
        swap.Dispose();
        float[] weights = parameter.Weights.ToArray();
        swap.Dispose();
        Bits.AssertEqual(weights, parameter.Weights, "weights after a second disposal");
        Assert.Equal(3, optimizer.Step().Step);
    }

    [Theory]
    [InlineData(Dialect.Keras, false)]
    [InlineData(Dialect.PyTorch, false)]
    [InlineData(Dialect.TfKeras, true)]
    public void BeforeTheFirstUpdateThereIsAnAverageOnlyWhereTheWeightsAreOne(Dialect dialect, bool there)
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer =
            new([parameter], new AdamOptions { Dialect = dialect, Ema = new EmaOptions { Momentum = 0.75 } });
        float[] initial = parameter.Weights.ToArray();
        if (!there)
        {
            Assert.Throws<InvalidOperationException>(() => { optimizer.Ema!.Average(parameter); });
            Assert.Throws<InvalidOperationException>(optimizer.Ema!.Swap);
            optimizer.Step();
            Bits.AssertEqual(parameter.Weights, optimizer.Ema!.Average(parameter), "the first average");
            return;
        }

        Bits.AssertEqual(initial, optimizer.Ema!.Average(parameter), "the average at construction");
        optimizer.Step();
        for (int i = 0; i < initial.Length; i++)
            Assert.Equal(0.75 * initial[i] + 0.25 * parameter.Weights[i], optimizer.Ema.Average(parameter)[i], 1e-7);
    }

    [Fact]
    public void TheStartOfAnAverageCanBeChosen()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer =
            new([parameter], new AdamOptions { Ema = new EmaOptions { Momentum = 1, CopyAtFirstUpdate = false } });
        float[] initial = parameter.Weights.ToArray();
        optimizer.Step();
        Bits.AssertEqual(initial, optimizer.Ema!.Average(parameter), "an average that never forgets");
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.PyTorch)]
    public void AnAverageOfItsOwnMovesLikeTheOptimizers(Dialect dialect)
    {
        using Parameter first = Make.WithGradient(1_001), second = Make.WithGradient(3, 2);
        using Adam optimizer = new(
            [first, second], new AdamOptions { Dialect = dialect, Ema = new EmaOptions { Momentum = 0.9 } });
        using WeightEma separate = new([second, first], new EmaOptions { Momentum = 0.9 });
        for (int step = 1; step <= 5; step++)
        {
            optimizer.Step();
            separate.Update();
            Assert.Equal(step, separate.Updates);
            Bits.AssertEqual(optimizer.Ema!.Average(first), separate.Average(first), $"average {step}");
            Bits.AssertEqual(optimizer.Ema!.Average(second), separate.Average(second), $"average {step}");
        }

        Assert.Throws<InvalidOperationException>(optimizer.Ema!.Update);
        float[] averages = separate.Average(first).ToArray();
        using (separate.Swap())
        {
            Bits.AssertEqual(averages, first.Weights, "weights inside the swap");
            Assert.Throws<InvalidOperationException>(separate.Update);
        }
    }

    [Fact]
    public void TheDefaultMomentumIsTheDialects()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam keras = new([parameter], new AdamOptions { Ema = new EmaOptions() });
        using Adam torch = new([parameter], new AdamOptions { Ema = new EmaOptions(), Dialect = Dialect.PyTorch });
        Assert.Equal(0.99, keras.Ema!.Momentum);
        Assert.Equal(0.999, torch.Ema!.Momentum);
    }

    private static Adam WithAverage(Parameter parameter) =>
        new([parameter], new AdamOptions { LearningRate = 0.1, Ema = new EmaOptions { Momentum = 0.5 } });
}
