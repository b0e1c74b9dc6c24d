using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>A step in which not every parameter has a gradient.</summary>
public sealed class MissingGradientTests
{
    [Theory]
    [InlineData(Dialect.Keras, 3)]
    [InlineData(Dialect.TfKeras, 3)]
    [InlineData(Dialect.MXNet, 2)]
    [InlineData(Dialect.Optax, 3)]
    [InlineData(Dialect.PyTorch, 2)]
    public void AParameterLeftOutIsUntouchedAndCountedAsTheDialectCounts(Dialect dialect, long count)
    {
        using Parameter always = Make.WithGradient(), sometimes = Make.WithGradient(9, 2);
        AdamOptions options = new() { Dialect = dialect, LearningRate = 0.001, WeightDecay = 0.1 };
        using Adam optimizer = new([always, sometimes], options);
        Assert.Equal(new StepReport(1, 0.001, 2, 0) { IsUpdate = true }, optimizer.Step());
        float[] weights = sometimes.Weights.ToArray(), moment = optimizer.State(sometimes).FirstMoment.ToArray();
        sometimes.ClearGradient();
        Assert.Equal(new StepReport(2, 0.001, 1, 1) { IsUpdate = true }, optimizer.Step());
        Bits.AssertEqual(weights, sometimes.Weights, "weights of the one left out");
        Bits.AssertEqual(moment, optimizer.State(sometimes).FirstMoment, "its momentum");
        sometimes.UseOwnGradient();
        optimizer.Step();
        Assert.Equal(3, optimizer.State(always).UpdateCount);
        Assert.Equal(count, optimizer.State(sometimes).UpdateCount);
        Assert.False(Bits.AreEqual(weights, sometimes.Weights));
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    public void AStepWithoutAnyGradientIsAnErrorWhereTheDialectSaysSo(Dialect dialect)
    {
        using Parameter parameter = Make.WithGradient();
        using Adamax optimizer = new([parameter], new AdamaxOptions { Dialect = dialect, Ema = new EmaOptions() });
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        parameter.ClearGradient();
        Assert.Throws<InvalidOperationException>(() => { optimizer.Step(); });
        before.AssertUnchanged(optimizer);
        Assert.Equal(1, optimizer.State(parameter).UpdateCount);
    }

    [Theory]
    [InlineData(Dialect.PyTorch)]
    [InlineData(Dialect.MXNet)]
    public void AStepWithoutAnyGradientIsNoStepElsewhere(Dialect dialect)
    {
        using Parameter parameter = Make.WithGradient();
        using Adamax optimizer = new([parameter], new AdamaxOptions { Dialect = dialect });
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        parameter.ClearGradient();
        StepReport report = optimizer.Step();
        Assert.Equal((0, 1), (report.TensorsUpdated, report.TensorsSkipped));
        before.AssertUnchanged(optimizer);
    }

    [Theory]
    [InlineData(Dialect.Keras, true)]
    [InlineData(Dialect.TfKeras, false)]
    public void TheAverageOfAParameterLeftOutMovesAsTheDialectMovesIt(Dialect dialect, bool moves)
    {
        using Parameter always = Make.WithGradient(), sometimes = Make.WithGradient(9, 2);
        AdamOptions options = new() { Dialect = dialect, LearningRate = 0.1, Ema = new EmaOptions { Momentum = 0.5 } };
        using Adam optimizer = new([always, sometimes], options);
        optimizer.Step();
        optimizer.Step();
        float[] before = optimizer.Ema!.Average(sometimes).ToArray();
        sometimes.ClearGradient();
        optimizer.Step();
        Assert.Equal(!moves, Bits.AreEqual(before, optimizer.Ema.Average(sometimes)));
        for (int i = 0; i < before.Length && moves; i++)
            Assert.Equal(0.5 * before[i] + 0.5 * sometimes.Weights[i], optimizer.Ema.Average(sometimes)[i], 1e-7);
    }

    [Fact]
    public void StepsWithAllAndWithSomeGradientsShareTheirRowsOfScalarsRightly()
    {
        // Six tensors of three counts and two groups, against each of them alone.
        float[][] together = Run(Enumerable.Range(0, 6).ToArray());
        for (int k = 0; k < 6; k++)
            Bits.AssertEqual(together[k], Run([k])[0], $"tensor {k}");
    }

    private static float[][] Run(int[] which)
    {
        Parameter[] parameters = [.. which.Select(k => Make.WithGradient(10 + k, (uint)k + 1))];
        ParameterGroup[] groups = [.. which.GroupBy(k => k < 3 ? 0.9 : 0.8).Select(group => new ParameterGroup(
            group.Select(k => parameters[Array.IndexOf(which, k)]),
            new AdamOptions { Dialect = Dialect.PyTorch, Beta1 = group.Key, LearningRate = 0.01 }))];
        using Adam optimizer = new(groups, new AdamOptions { Dialect = Dialect.PyTorch });
        for (int step = 0; step < 9; step++)
        {
            for (int i = 0; i < which.Length; i++)
            {
                if (step % 3 < which[i] % 3)
                    parameters[i].ClearGradient();
                else
                    parameters[i].UseOwnGradient();
            }

            optimizer.Step();
        }

        float[][] weights = [.. parameters.Select(p => p.Weights.ToArray())];
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
        return weights;
    }
}
