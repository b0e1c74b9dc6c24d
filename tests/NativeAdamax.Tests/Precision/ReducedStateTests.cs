using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>State that is not float32: in and out as floats, and as it is.</summary>
public sealed class ReducedStateTests
{
    private const int Length = 600;

    public static TheoryData<string> Precisions => [.. PrecisionCases.Precisions.Keys];

    [Theory]
    [MemberData(nameof(Precisions))]
    public void WhatIsCopiedOutAndSetAgainIsTheSameState(string precision)
    {
        OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision);
        using ReducedRun run = new(options, WeightKind.Rest16, GradientKind.Float32, [Length]);
        run.Call(3);
        byte[] saved = run.Save();
        ParameterState state = run.Optimizer.State(run.Parameters[0]);
        float[] m = new float[Length], v = new float[Length], x = new float[Length], a = new float[Length];
        state.CopyFirstMomentTo(m);
        state.CopySecondMomentTo(v);
        state.CopyMaxSecondMomentTo(x);
        state.CopyAverageTo(a);
        Assert.Contains(m, value => value < 0);
        Assert.All(v, value => Assert.True(value >= 0));
        float[] ones = [.. Enumerable.Repeat(1f, Length)], read = new float[Length];
        state.SetFirstMoment(ones);
        state.CopyFirstMomentTo(read);
        Assert.Equal(ones, read);
        state.SetSecondMoment(ones);
        state.SetMaxSecondMoment(ones);
        state.SetAverage(ones);
        Assert.NotEqual(saved, run.Save());
        state.SetFirstMoment(m);
        state.SetSecondMoment(v);
        state.SetMaxSecondMoment(x);
        state.SetAverage(a);
        Assert.Equal(saved, run.Save());
        Assert.Throws<ArgumentException>(() => run.Optimizer.State(run.Parameters[0]).SetFirstMoment(new float[Length - 1]));
    }

    [Theory]
    [InlineData(StateFormat.EightBit)]
    [InlineData(StateFormat.EightBitDynamic)]
    [InlineData(StateFormat.FourBitDynamic)]
    public void AFirstMomentLeansToNoSide(StateFormat format)
    {
        foreach (float g in new[] { 1f, -1f })
        {
            using Parameter parameter = Parameter.Create(Length);
            using Adam optimizer = new([parameter], new AdamOptions
            {
                Dialect = Dialect.PyTorch,
                Precision = new StatePrecision { FirstMoment = format, FewestQuantized = 0 },
            });
            parameter.Gradient.Fill(g);
            for (int step = 0; step < 200; step++)
                optimizer.Step();
            float[] m = new float[Length];
            optimizer.State(parameter).CopyFirstMomentTo(m);
            Assert.All(m, x => Assert.Equal(g, x, 5e-4f));
        }
    }

    [Fact]
    public void SpansOfFloatsAreThereOnlyForFloats()
    {
        OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", "BFloat16");
        using ReducedRun run = new(options, WeightKind.Float32, GradientKind.Float32, [Length]);
        run.Call();
        Parameter w = run.Parameters[0];
        AssertNames(() => _ = run.Optimizer.State(w).FirstMoment, nameof(ParameterState.CopyFirstMomentTo), "BFloat16");
        AssertNames(() => _ = run.Optimizer.State(w).SecondMoment, nameof(ParameterState.SetSecondMoment), "BFloat16Random");
        AssertNames(() => _ = run.Optimizer.State(w).MaxSecondMoment, nameof(ParameterState.CopyMaxSecondMomentTo), "w0");
        AssertNames(() => _ = run.Optimizer.State(w).Average, nameof(ParameterState.CopyAverageTo), "BFloat16Random");
        AssertNames(() => _ = run.Optimizer.Ema!.Average(w), nameof(WeightEma.CopyAverageTo), "BFloat16Random");
        AssertNames(() => _ = run.Optimizer.State(w).QuantizedFirstMoment, "not kept in 8 or 4 bits", "BFloat16");
        Assert.Equal(StateFormat.BFloat16, run.Optimizer.State(w).FirstMomentFormat);
        Assert.Equal(StateFormat.BFloat16Random, run.Optimizer.State(w).SecondMomentFormat);
        using Adam plain = new([w]);
        Assert.Throws<InvalidOperationException>(() => plain.State(w).CopyMaxSecondMomentTo(new float[Length]));
        Assert.Throws<InvalidOperationException>(() => plain.State(w).SetAverage(new float[Length]));
    }

    [Fact]
    public void ParametersWithFewElementsKeepFloats()
    {
        OptimizerOptions options = PrecisionCases.Options("Keras Adamax", "none") with { Precision = StatePrecision.EightBit };
        using ReducedRun run = new(options, WeightKind.Float32, GradientKind.Float32, [4095, 4096]);
        run.Call(2);
        Assert.Equal(StateFormat.Float32, run.Optimizer.State(run.Parameters[0]).FirstMomentFormat);
        Assert.Equal(4095, run.Optimizer.State(run.Parameters[0]).SecondMoment.Length);
        QuantizedState m = run.Optimizer.State(run.Parameters[1]).QuantizedFirstMoment;
        Assert.Equal((StateFormat.EightBit, 4096, 16, 0), (m.Format, m.Codes.Length, m.Scales.Length, m.Map.Length));
    }

    /// <summary>What bitsandbytes and torchao keep: codes, the largest magnitude of a block of 256, and the map.</summary>
    [Fact]
    public void CodesAndScalesOfOtherProgramsAreReadInAndWrittenOut()
    {
        byte[] state1 = [.. Enumerable.Range(0, Length).Select(i => (byte)(i * 37))];
        byte[] state2 = [.. Enumerable.Range(0, Length).Select(i => (byte)(i * 11))];
        float[] absmax1 = [0.5f, 2, 1e-5f], absmax2 = [0.25f, 4, 1e-9f];
        using Parameter w = Parameter.Create(Training.Numbers(1, Length), "w");
        using Adam optimizer = new([w], new AdamOptions
        {
            Precision = new StatePrecision
            {
                FirstMoment = StateFormat.EightBitDynamic,
                SecondMoment = StateFormat.EightBitDynamic,
                FewestQuantized = 0,
            },
        });
        ParameterState state = optimizer.State(w);
        state1.CopyTo(state.QuantizedFirstMoment.Codes);
        absmax1.CopyTo(state.QuantizedFirstMoment.Scales);
        state2.CopyTo(state.QuantizedSecondMoment.Codes);
        absmax2.CopyTo(state.QuantizedSecondMoment.Scales);
        float[] m = new float[Length], v = new float[Length];
        state.CopyFirstMomentTo(m);
        state.CopySecondMomentTo(v);
        for (int i = 0; i < Length; i++)
        {
            Assert.Equal(absmax1[i / 256] * DynamicMap.Signed[state1[i]], m[i]);
            Assert.Equal(absmax2[i / 256] * DynamicMap.Unsigned[state2[i]], v[i]);
        }

        Assert.Equal(DynamicMap.Signed.ToArray(), state.QuantizedFirstMoment.Map.ToArray());
        Assert.Equal(DynamicMap.Unsigned.ToArray(), state.QuantizedSecondMoment.Map.ToArray());
        Assert.Equal(16, DynamicMap.SignedFourBit.Length);
        optimizer.Step(new float[Length]);
        Assert.NotEqual(state2, optimizer.State(w).QuantizedFirstMoment.Codes.ToArray());
        state.CopySecondMomentTo(v);
        Assert.Contains(v, value => value > 0);
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void MomentsOfZeroAreZeroInEveryFormat(string precision)
    {
        foreach (int length in new[] { 1, 255, 600, 601 })
        {
            OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision);
            using ReducedRun run = new(options, WeightKind.Float32, GradientKind.Float32, [length]);
            float[] floats = new float[length];
            ParameterState state = run.Optimizer.State(run.Parameters[0]);
            state.CopyFirstMomentTo(floats);
            Bits.AssertEqual(new float[length], floats, "m");
            state.CopySecondMomentTo(floats);
            Bits.AssertEqual(new float[length], floats, "v");
            byte[] saved = run.Save();
            state.SetFirstMoment(new float[length]);
            state.SetSecondMoment(new float[length]);
            Assert.Equal(saved, run.Save());
        }
    }

    [Fact]
    public void AddedGroupsGoOnWithWhatTheOthersHad()
    {
        foreach (string precision in PrecisionCases.Precisions.Keys)
        {
            OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision);
            using ReducedRun grown = new(options, WeightKind.Rest8, GradientKind.Half, [Length, 5]);
            using ReducedRun whole = new(options, WeightKind.Rest8, GradientKind.Half, [Length, 5]);
            using Parameter late = ReducedRun.Make(WeightKind.None, Training.Numbers(9, 300), "late");
            grown.Call(3);
            whole.Call(3);
            grown.Optimizer.AddGroup(new ParameterGroup([late]));
            float[] average = new float[300];
            grown.Optimizer.State(late).CopyAverageTo(average);
            Bits.AssertEqual(ReducedRun.WeightsOf(late), average, "an average begins with the weights");
            grown.Call(3);
            whole.Call(3);
            for (int k = 0; k < 2; k++)
                Bits.AssertEqual(ReducedRun.WeightsOf(whole.Parameters[k]), ReducedRun.WeightsOf(grown.Parameters[k]), precision);
        }
    }

    private static void AssertNames(Action act, params string[] names)
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(act);
        Assert.All(names, name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }
}
