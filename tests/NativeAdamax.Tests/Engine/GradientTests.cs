using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>The ways a gradient comes to a step.</summary>
public sealed unsafe class GradientTests
{
    private const int First = 70, Second = 5, Steps = 4;

    [Fact]
    public void EveryWayToHandOverAGradientGivesTheSameBits()
    {
        float[] copied = Run((parameters, gradients, optimizer) =>
        {
            parameters[0].CopyGradient(gradients[0]);
            parameters[1].CopyGradient(gradients[1]);
            optimizer.Step();
        });
        float[] written = Run((parameters, gradients, optimizer) =>
        {
            gradients[0].CopyTo(parameters[0].Gradient);
            gradients[1].CopyTo(parameters[1].Gradient);
            optimizer.Step();
        });
        float[] memory = Run((parameters, gradients, optimizer) =>
        {
            parameters[0].SetGradient(gradients[0]);
            parameters[1].SetGradient(gradients[1].AsMemory());
            optimizer.Step();
        });
        float[] pointer = Run((parameters, gradients, optimizer) =>
        {
            fixed (float* a = gradients[0], b = gradients[1])
            {
                parameters[0].SetGradient(a, First);
                parameters[1].SetGradient(b, Second);
                optimizer.Step();
            }
        });
        float[] together = Run((_, gradients, optimizer) => optimizer.Step([.. gradients[0], .. gradients[1]]));
        Bits.AssertEqual(copied, written, "written in place");
        Bits.AssertEqual(copied, memory, "handed over as memory");
        Bits.AssertEqual(copied, pointer, "handed over as pointers");
        Bits.AssertEqual(copied, together, "end to end");
    }

    [Fact]
    public void AnotherLengthIsRefusedAndChangesNothing()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter, Make.WithGradient(3, 2)]);
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        float[] gradient = parameter.Gradient.ToArray(), other = new float[20];
        Assert.Throws<ArgumentException>(() => parameter.CopyGradient(new float[9]));
        Assert.Throws<ArgumentException>(() => parameter.SetGradient(new float[11]));
        fixed (float* pointer = other)
        {
            float* g = pointer;
            Assert.Throws<ArgumentException>(() => parameter.SetGradient(g, 11));
            Assert.Throws<ArgumentException>(() => parameter.SetGradient((float*)((byte*)g + 1), 10));
            Assert.Throws<ArgumentNullException>(() => parameter.SetGradient((float*)null, 10));
        }

        Assert.Throws<ArgumentException>(() => { optimizer.Step(new float[12]); });
        Assert.Throws<ArgumentException>(() => { optimizer.Step(new float[14]); });
        before.AssertUnchanged(optimizer);
        Bits.AssertEqual(gradient, parameter.Gradient, "gradient");
    }

    [Fact]
    public void AGradientOverTheWeightsIsRefused()
    {
        float[] all = new float[30];
        using Parameter parameter = Parameter.Over(all.AsMemory(0, 10), all.AsMemory(10, 10));
        Assert.Throws<ArgumentException>(() => parameter.SetGradient(all.AsMemory(5, 10)));
        parameter.SetGradient(all.AsMemory(20, 10));
        all[20] = 3;
        Assert.Equal(3, parameter.Gradient[0]);
        parameter.UseOwnGradient();
        Assert.Equal(0, parameter.Gradient[0]);
    }

    [Fact]
    public void AParameterWithoutGradientMemoryTakesOnesHandedOver()
    {
        using Parameter parameter = Parameter.Over(new float[4].AsMemory());
        Assert.False(parameter.HasGradient);
        Assert.Throws<InvalidOperationException>(() => { _ = parameter.Gradient; });
        Assert.Throws<InvalidOperationException>(() => parameter.CopyGradient(new float[4]));
        Assert.Throws<InvalidOperationException>(parameter.UseOwnGradient);
        parameter.SetGradient(new float[] { 1, 2, 3, 4 });
        Assert.True(parameter.HasGradient);
        Assert.Equal(4, parameter.Gradient[3]);
        parameter.ClearGradient();
        Assert.False(parameter.HasGradient);
    }

    [Theory]
    [InlineData("Keras Adamax")]
    [InlineData("Torch Adam")]
    public void ZeroingInTheSamePassChangesTheGradientsOnly(string name)
    {
        using Parameter kept = Make.WithGradient(1_003), zeroed = Make.WithGradient(1_003);
        using Optimizer plain = OptimizerFactory.Create([kept], OptimizerCases.Of(name));
        using Optimizer zeroing =
            OptimizerFactory.Create([zeroed], OptimizerCases.Of(name), new() { ZeroGradients = true });
        plain.Step();
        zeroing.Step();
        Bits.AssertEqual(kept.Weights, zeroed.Weights, "weights");
        Bits.AssertEqual(new float[1_003], zeroed.Gradient, "gradient");
        Bits.AssertEqual(Training.Numbers(1001, 1_003), kept.Gradient, "gradient");
        float[] before = zeroed.Weights.ToArray();
        Assert.Throws<InvalidOperationException>(() => { zeroing.Step(new float[1_003]); });
        Bits.AssertEqual(before, zeroed.Weights, "weights after a refused step");
        Assert.Equal(1, zeroing.StepCount);
    }

    [Fact]
    public void ZeroGradientsReachesEveryGradientThatIsThere()
    {
        using Parameter a = Make.WithGradient(), b = Make.WithGradient(3, 2),
            without = Parameter.Over(new float[2].AsMemory());
        using Adam optimizer = new([a, without, b]);
        float[] handed = [1, 2, 3];
        b.SetGradient(handed);
        optimizer.ZeroGradients();
        Bits.AssertEqual(new float[10], a.Gradient, "gradient");
        Bits.AssertEqual(new float[3], handed, "gradient of the caller");
        Assert.False(without.HasGradient);
    }

    private static float[] Run(Action<Parameter[], float[][], Optimizer> step)
    {
        Parameter[] parameters = [Make.Weights(First), Make.Weights(Second, 2)];
        using Nadam optimizer = new(parameters);
        for (uint t = 1; t <= Steps; t++)
            step(parameters, [Training.Numbers(10 * t, First), Training.Numbers(10 * t + 1, Second)], optimizer);
        float[] weights = [.. parameters[0].Weights, .. parameters[1].Weights];
        parameters[0].Dispose();
        parameters[1].Dispose();
        return weights;
    }
}
