using NativeAdamax.Styles.MXNet;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.MXNet;

/// <summary>Weights in float16 with a float32 copy, MXNet's multi_precision.</summary>
public sealed unsafe class MultiPrecisionTests
{
    private const int Length = 300;

    [Theory]
    [InlineData("adam")]
    [InlineData("adamax")]
    [InlineData("nadam")]
    [InlineData("adamw")]
    public void TheCopyIsTheFloat32RunAndTheWeightIsItsRounding(string name)
    {
        MXNetArguments arguments = new() { Wd = 0.01, RescaleGrad = 0.5, MultiPrecision = true };
        using MXNetOptimizer half = MXNetRegistry.Create(name, arguments), single = MXNetRegistry.Create(name, arguments);
        Half[] weight = [.. Training.Numbers(1, Length).Select(w => (Half)w)];
        float[] plain = [.. weight.Select(w => (float)w)];
        MXNetState state = half.CreateStateMultiPrecision(weight), plainState = single.CreateStateMultiPrecision(plain);
        Assert.Null(plainState.Master);
        for (uint step = 0; step < 5; step++)
        {
            Half[] gradient = [.. Training.Numbers(step + 10, Length).Select(g => (Half)g)];
            float[] plainGradient = [.. gradient.Select(g => (float)g)];
            half.Step(0, weight, step % 2 == 0 ? gradient : plainGradient, state);
            single.Step(0, plain, plainGradient, plainState);
            Bits.AssertEqual(plain, state.Master!.Value.Span, $"{name}, step {step}");
            Bits.AssertEqual(plainState.Variance.Span, state.Variance.Span, $"{name}, v of step {step}");
            Assert.Equal(plain.Select(w => (Half)w), weight);
        }
    }

    [Fact]
    public void PointersOfFloat16AreTaken()
    {
        Half[] weight = GC.AllocateArray<Half>(4, pinned: true), gradient = GC.AllocateArray<Half>(4, pinned: true);
        gradient.AsSpan().Fill((Half)1);
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adam", new() { MultiPrecision = true, LearningRate = 0.5 });
        fixed (Half* w = weight, g = gradient)
        {
            NDArray over = NDArray.Over(w, 4);
            MXNetState state = optimizer.CreateStateMultiPrecision(over);
            optimizer.Step(0, over, NDArray.Over(g, 4), state);
            Assert.All(over.HalfSpan.ToArray(), x => Assert.Equal(-0.5, (double)x, 1e-3));
            Assert.Throws<ArgumentException>(() => optimizer.Step(0, weight, weight, state));
            nint place = (nint)w;
            MXNetState overlapping = state with { Master = NDArray.Over((float*)w, 2), Mean = new float[2], Variance = new float[2] };
            Assert.Throws<ArgumentException>(() => optimizer.Step(0, NDArray.Over((Half*)place, 2), new Half[2], overlapping));
            Assert.Throws<ArgumentException>(() => optimizer.Step(0, NDArray.Over((Half*)(place + 1), 3), new Half[3], new MXNetState(new float[3], new float[3]) { Master = new float[3] }));
            Assert.Throws<ArgumentNullException>(() => NDArray.Over((Half*)null, 1));
        }
    }

    [Fact]
    public void WhatDoesNotBelongTogetherIsRefused()
    {
        using MXNetOptimizer with = MXNetRegistry.Create("adam", new() { MultiPrecision = true }), without = MXNetRegistry.Create("adam");
        Half[] weight = [(Half)1f, (Half)2f];
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => without.CreateStateMultiPrecision(weight));
        Assert.Contains(nameof(MXNetArguments.MultiPrecision), e.Message, StringComparison.Ordinal);
        MXNetState plain = MXNetOptimizer.CreateState(weight);
        AssertRefused("no float32 copy", () => with.Step(0, weight, new Half[2], plain));
        AssertRefused("copy of another", () => with.Step(0, new float[2], new float[2], plain with { Master = new float[2] }));
        AssertRefused("has 3 elements", () => with.Step(0, weight, new Half[2], plain with { Master = new float[3] }));
        AssertRefused("not float32", () => with.Step(0, weight, new Half[2], plain with { Master = new Half[2] }));
        AssertRefused("not float32", () => with.Step(0, weight, new Half[2], new MXNetState(new Half[2], new float[2]) { Master = new float[2] }));
        Assert.Equal(0, with.NumUpdate);
        NDArray halves = weight, floats = new float[2];
        Assert.Throws<InvalidOperationException>(() => halves.Span.Length);
        Assert.Throws<InvalidOperationException>(() => floats.HalfSpan.Length);
    }

    private static void AssertRefused(string why, Action act)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(act);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Equal("states", e.ParamName);
    }
}
