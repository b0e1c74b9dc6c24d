using System.Numerics.Tensors;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>Memory that is shared, sliced, misaligned or freed while something still uses it.</summary>
public sealed class SharedMemoryTests
{
    [Fact]
    public void ASliceOfATensorIsTrainedWhereItLies()
    {
        Tensor<float> whole = Tensor.Create<float>([0, 1, 2, 3, 4, 5, 6, 7], [2, 4]);
        Tensor<float> gradients = Tensor.Create<float>([9, 9, 9, 9, 1, -1, 1, -1], [2, 4]);
        using Parameter row = Parameter.Over(whole.Slice(1..2, 0..4), gradients.Slice(1..2, 0..4));
        Assert.Equal([4f, 5, 6, 7], row.Weights.ToArray());
        Assert.Equal([1f, -1, 1, -1], row.Gradient.ToArray());
        using Adam optimizer = new([row]);
        optimizer.Step();
        Assert.Equal([0f, 1, 2, 3], whole.ToArray().AsSpan(0, 4).ToArray());
        Assert.True(whole[1, 0] < 4 && whole[1, 1] > 5);
    }

    [Fact]
    public void AGradientThatIsAnothersWeightsIsRefused()
    {
        float[] first = new float[8], second = new float[8];
        using Parameter a = Parameter.Over(first, second.AsMemory(0, 8), "a");
        using Parameter b = Parameter.Over(second.AsMemory(4, 4), default, "b");
        Assert.Contains("a and b", Assert.Throws<ArgumentException>(() => new Adam([a, b])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGradientOfTwoIsRefusedWhereStepsZeroIt()
    {
        float[] gradient = new float[8];
        using Parameter a = Parameter.Over(new float[8], gradient), b = Parameter.Over(new float[8], gradient);
        Assert.Throws<ArgumentException>(() => new Adam([a, b], new AdamOptions { ZeroGradients = true }));
        new Adam([a, b]).Dispose();
    }

    [Fact]
    public void GradientsInTheWeightsOrBetweenTwoFloatsAreRefusedBeforeAnythingChanges()
    {
        float[] weights = new float[8];
        using Parameter parameter = Parameter.Over(weights);
        using Adam optimizer = new([parameter]);
        Assert.Throws<ArgumentException>(() => optimizer.Step(weights));
        Assert.Throws<ArgumentException>(() => optimizer.Step(
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(new byte[33].AsSpan(1))));
        Assert.Equal((0, 0), (optimizer.StepCount, optimizer.State(parameter).UpdateCount));
    }

    [Fact]
    public void AParameterDisposedUnderAnOptimizerKeepsItsMemoryUntilThatIsDisposed()
    {
        Parameter parameter = Make.WithGradient(1000);
        Adam optimizer = new([parameter]);
        Parallel.For(0, 400, i =>
        {
            if (i == 200)
                parameter.Dispose();
            try
            {
                optimizer.Step();
            }
            catch (Exception e) when (e is InvalidOperationException)
            {
            }
        });
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step());
        optimizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => parameter.Weights.Length);
    }

    [Fact]
    public void AnotherOptimizersStepIsRefusedInsideASwap()
    {
        using Parameter parameter = Make.WithGradient();
        using WeightEma average = new([parameter]);
        using Adam optimizer = new([parameter]);
        average.Update();
        using (average.Swap())
        {
            Assert.Throws<InvalidOperationException>(() => optimizer.Step());
            using WeightEma other = new([parameter], new EmaOptions { CopyAtFirstUpdate = false });
            Assert.Throws<InvalidOperationException>(() => other.Swap());
        }

        optimizer.Step();
    }

    [Fact]
    public void GroupsInheritSwitchesAndAskOneRuleOnce()
    {
        using Parameter a = Make.WithGradient(), b = Make.WithGradient(), c = Make.WithGradient();
        int asked = 0;
        AdamOptions all = new()
        {
            LearningRate = LearningRate.From(() => 0.1 * ++asked),
            Maximize = true,
            AmsGrad = true,
            ZeroGradients = true,
            EpsilonRoot = 1e-3,
        };
        using Adam optimizer = new(
            [
                new ParameterGroup([a]),
                new ParameterGroup([b], new AdamOptions { LearningRate = 0.1 }),
                new ParameterGroup([c]),
            ],
            all);
        optimizer.Step();
        Assert.Equal(1, asked);
        Bits.AssertEqual(a.Weights, b.Weights, "weights of the group with a rate of its own");
        Bits.AssertEqual(a.Weights, c.Weights, "weights of the group behind it");
        Assert.Equal(10, optimizer.State(b).MaxSecondMoment.Length);
        Assert.All(b.Gradient.ToArray(), g => Assert.Equal(0, g));
        Assert.Throws<ArgumentException>(() => new Adam(
            [new ParameterGroup([a], new AdamOptions { Ema = new EmaOptions { Momentum = 0.5 } })]));
    }
}
