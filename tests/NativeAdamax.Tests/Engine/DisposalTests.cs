using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

public sealed class DisposalTests
{
    [Fact]
    public void ASecondDisposalDoesNothing()
    {
        Parameter parameter = Make.WithGradient();
        Adam optimizer = new([parameter], new AdamOptions { Ema = new EmaOptions() });
        WeightEma average = new([parameter]);
        for (int i = 0; i < 2; i++)
        {
            average.Dispose();
            optimizer.Dispose();
            parameter.Dispose();
        }
    }

    [Fact]
    public void ADisposedOptimizerRefusesEverything()
    {
        using Parameter parameter = Make.WithGradient();
        float[] before = parameter.Weights.ToArray();
        Adam optimizer = new([parameter], new AdamOptions { AmsGrad = true, Ema = new EmaOptions() });
        WeightEma average = optimizer.Ema!;
        ParameterState state = optimizer.State(parameter);
        optimizer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { optimizer.Step(); });
        Assert.Throws<ObjectDisposedException>(() => { optimizer.Step(new float[10]); });
        Assert.Throws<ObjectDisposedException>(optimizer.ZeroGradients);
        Assert.Throws<ObjectDisposedException>(() => optimizer.LearningRate);
        Assert.Throws<ObjectDisposedException>(() => optimizer.LearningRate = 1);
        Assert.Throws<ObjectDisposedException>(() => { _ = state.FirstMoment; });
        Assert.Throws<ObjectDisposedException>(() => { _ = state.SecondMoment; });
        Assert.Throws<ObjectDisposedException>(() => { _ = state.MaxSecondMoment; });
        Assert.Throws<ObjectDisposedException>(() => state.UpdateCount);
        Assert.Throws<ObjectDisposedException>(() => optimizer.State(parameter));
        Assert.Throws<ObjectDisposedException>(() => { average.Average(parameter); });
        Assert.Throws<ObjectDisposedException>(() => average.Swap());
        Bits.AssertEqual(before, parameter.Weights, "weights");
    }

    [Fact]
    public void ADisposedParameterRefusesEverything()
    {
        Parameter parameter = Make.WithGradient();
        parameter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = parameter.Weights; });
        Assert.Throws<ObjectDisposedException>(() => { _ = parameter.Gradient; });
        Assert.Throws<ObjectDisposedException>(() => parameter.HasGradient);
        Assert.Throws<ObjectDisposedException>(() => parameter.CopyGradient(new float[10]));
        Assert.Throws<ObjectDisposedException>(() => parameter.SetGradient(new float[10]));
        Assert.Throws<ObjectDisposedException>(parameter.ClearGradient);
        unsafe
        {
            Assert.Throws<ObjectDisposedException>(() => { _ = parameter.WeightsPointer; });
            Assert.Throws<ObjectDisposedException>(() => { _ = parameter.GradientPointer; });
        }
    }

    [Fact]
    public void AStepWithADisposedParameterChangesNoOther()
    {
        using Parameter alive = Make.WithGradient();
        Parameter gone = Make.WithGradient(10, 2);
        using Adamax optimizer = new([alive, gone]);
        optimizer.Step();
        float[] before = alive.Weights.ToArray();
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { optimizer.Step(); });
        Assert.Throws<ObjectDisposedException>(() => { optimizer.Step(new float[20]); });
        Assert.Throws<ObjectDisposedException>(optimizer.ZeroGradients);
        Assert.Equal(1, optimizer.StepCount);
        Bits.AssertEqual(before, alive.Weights, "weights");
        Bits.AssertEqual(Training.Numbers(1001, 10), alive.Gradient, "gradients");
    }

    [Fact]
    public void AnOptimizerDiesInsideASwapWithoutLosingTheWeights()
    {
        using Parameter parameter = Make.WithGradient();
        Adam optimizer = new([parameter], new AdamOptions { Ema = new EmaOptions { Momentum = 0.5 } });
        optimizer.Step();
        optimizer.Step();
        float[] weights = parameter.Weights.ToArray();
        WeightEma.SwapScope swap = optimizer.Ema!.Swap();
        Assert.False(Bits.AreEqual(weights, parameter.Weights));
        optimizer.Dispose();
        Bits.AssertEqual(weights, parameter.Weights, "weights");
        swap.Dispose();
        Bits.AssertEqual(weights, parameter.Weights, "weights");
    }

    [Fact]
    public void AStepDoesNotWriteIntoAnAverageThatWasDisposed()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter], new AdamOptions { Ema = new EmaOptions() });
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        optimizer.Ema!.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { optimizer.Step(); });
        before.AssertUnchanged(optimizer);
    }

    [Fact]
    public void AnOptimizerWhoseParameterDiedInsideASwapCanStillBeDisposed()
    {
        Parameter parameter = Make.WithGradient();
        Adam optimizer = new([parameter], new AdamOptions { Ema = new EmaOptions { Momentum = 0.5 } });
        optimizer.Step();
        WeightEma.SwapScope swap = optimizer.Ema!.Swap();
        parameter.Dispose();
        optimizer.Dispose();
        swap.Dispose();
    }
}
