using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>Parameters whose model reads 16 bits: what they show, what they take, and what they refuse.</summary>
public sealed unsafe class ReducedParameterTests
{
    private const int Length = 300;

    public static TheoryData<WeightKind> Kinds =>
        [WeightKind.BFloat16, WeightKind.Half, WeightKind.Rest16, WeightKind.Rest8, WeightKind.None];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WeightsGoInAndOutRoundedToWhatIsKept(WeightKind kind)
    {
        float[] numbers = Training.Numbers(3, Length), read = new float[Length];
        (numbers[0], numbers[1], numbers[2], numbers[3]) = (float.NaN, float.NegativeInfinity, float.Epsilon, -0f);
        using Parameter parameter = ReducedRun.Make(kind, new float[Length]);
        parameter.CopyWeightsFrom(numbers);
        parameter.CopyWeightsTo(read);
        Assert.True(float.IsNaN(read[0]));
        for (int i = 1; i < Length; i++)
        {
            float expected = kind switch
            {
                WeightKind.None => (float)(BFloat16)numbers[i],
                WeightKind.Rest8 => Rounded(numbers[i]),
                _ => numbers[i],
            };
            Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(read[i]));
            if (kind == WeightKind.Half)
                Assert.Equal((Half)numbers[i], parameter.HalfWeights[i]);
            else if (kind is WeightKind.BFloat16 or WeightKind.None)
                Assert.Equal((BFloat16)numbers[i], parameter.BFloat16Weights[i]);
        }

        Assert.Throws<ArgumentException>(() => parameter.CopyWeightsFrom(new float[Length - 1]));
        Assert.Throws<ArgumentException>(() => parameter.CopyWeightsTo(new float[Length + 1]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhatSomebodyElseWroteToTheModelBecomesTheWeights(WeightKind kind)
    {
        using Parameter parameter = ReducedRun.Make(kind, new float[Length]);
        parameter.CopyWeightsFrom(Training.Numbers(3, Length));
        if (kind == WeightKind.Half)
            parameter.HalfWeights.Fill((Half)1.5f);
        else
            parameter.BFloat16Weights.Fill((BFloat16)1.5f);
        parameter.ReadModelWeights();
        Assert.All(ReducedRun.WeightsOf(parameter), w => Assert.Equal(1.5f, w));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AParameterShowsWhatItIsKeptIn(WeightKind kind)
    {
        using Parameter parameter = ReducedRun.Make(kind, new float[Length], "kernel");
        MasterWeights? master = parameter.Master;
        Assert.Equal(
            kind is WeightKind.BFloat16 or WeightKind.Half ? MasterWeights.Float32 : Enum.Parse<MasterWeights>($"{kind}"),
            master);
        if (master == MasterWeights.Float32)
        {
            Assert.Equal(Length, parameter.Weights.Length);
        }
        else
        {
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => parameter.Weights.Length);
            Assert.Contains(nameof(Parameter.CopyWeightsTo), e.Message, StringComparison.Ordinal);
            Assert.Contains("kernel", e.Message, StringComparison.Ordinal);
        }

        if (kind == WeightKind.Half)
            Assert.Throws<InvalidOperationException>(() => parameter.BFloat16Weights.Length);
        else
            Assert.Throws<InvalidOperationException>(() => parameter.HalfWeights.Length);
    }

    [Fact]
    public void AParameterOfFloatsHasNoOtherWeights()
    {
        using Parameter parameter = Parameter.Create([1f, 2f]);
        Assert.Null(parameter.Master);
        Assert.Throws<InvalidOperationException>(() => parameter.BFloat16Weights.Length);
        Assert.Throws<InvalidOperationException>(() => parameter.HalfWeights.Length);
        parameter.ReadModelWeights();
        Assert.Equal([1f, 2f], ReducedRun.WeightsOf(parameter));
    }

    [Fact]
    public void MemoryOfTheLibraryHasGradientsOfItsOwn()
    {
        foreach (MasterWeights master in Enum.GetValues<MasterWeights>())
        {
            using Parameter parameter = Parameter.CreateBFloat16(Length, master, "w");
            parameter.BFloat16Gradient.Fill((BFloat16)1f);
            using Adam optimizer = new([parameter], new AdamOptions { LearningRate = 0.5 });
            optimizer.Step();
            Assert.All(parameter.BFloat16Weights.ToArray(), w => Assert.Equal((BFloat16)(-0.5f), w));
            Assert.Throws<InvalidOperationException>(() => parameter.Gradient.Length);
            Assert.Throws<InvalidOperationException>(() => parameter.CopyGradient(new float[Length]));
            optimizer.ZeroGradients();
            Assert.All(parameter.BFloat16Gradient.ToArray(), g => Assert.Equal((BFloat16)0f, g));
        }

        using Parameter half = Parameter.CreateHalf(Length);
        half.HalfGradient.Fill((Half)1);
        half.ClearGradient();
        half.UseOwnGradient();
        using Adam second = new([half], new AdamOptions { LearningRate = 0.5, ZeroGradients = true });
        second.Step();
        Assert.All(half.HalfWeights.ToArray(), w => Assert.Equal(-0.5, (double)w, 1e-3));
        Assert.All(half.HalfGradient.ToArray(), g => Assert.Equal(Half.Zero, g));
    }

    [Fact]
    public void PointersAreTakenAndChecked()
    {
        BFloat16[] weights = GC.AllocateArray<BFloat16>(Length, pinned: true), gradient = GC.AllocateArray<BFloat16>(Length, pinned: true);
        Half[] halves = GC.AllocateArray<Half>(Length, pinned: true), halfGradient = GC.AllocateArray<Half>(Length, pinned: true);
        fixed (BFloat16* w = weights, g = gradient)
        fixed (Half* h = halves, hg = halfGradient)
        {
            using Parameter parameter = Parameter.Over(w, Length, g, MasterWeights.Rest8, "w");
            Assert.True(parameter.BFloat16WeightsPointer == w);
            using Parameter half = Parameter.Over(h, Length, hg);
            Assert.True(half.HalfWeightsPointer == h);
            gradient.AsSpan().Fill((BFloat16)1f);
            halfGradient.AsSpan().Fill((Half)1f);
            using Adamax optimizer = new([parameter, half], new AdamaxOptions { LearningRate = 0.25 });
            optimizer.Step();
            Assert.All(weights, x => Assert.Equal((BFloat16)(-0.25f), x));
            Assert.All(halves, x => Assert.Equal((Half)(-0.25f), x));
            nint place = (nint)w, other = (nint)h;
            Assert.Throws<ArgumentNullException>(() => Parameter.Over((BFloat16*)null, 1));
            Assert.Throws<ArgumentNullException>(() => Parameter.Over((Half*)null, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.Over((BFloat16*)place, -1));
            Assert.Throws<InsufficientMemoryException>(() => Parameter.Over((Half*)other, long.MaxValue));
            foreach (MasterWeights master in Enum.GetValues<MasterWeights>())
                Assert.Throws<InsufficientMemoryException>(() => Parameter.Over((BFloat16*)place, long.MaxValue, null, master));
            Assert.Throws<ArgumentException>(() => Parameter.Over((BFloat16*)(place + 1), 2));
            Assert.Throws<ArgumentException>(() => Parameter.Over((Half*)other, 4, (Half*)other + 3));
            Assert.Throws<ArgumentException>(() => parameter.SetGradient((BFloat16*)place + 1, Length));
            Assert.Throws<ArgumentException>(() => parameter.SetGradient((float*)(place + 2), Length));
            Assert.Throws<ArgumentNullException>(() => parameter.SetGradient((Half*)null, Length));
        }
    }

    [Fact]
    public void WhatCannotBeKeptIsRefused()
    {
        foreach (MasterWeights master in new[] { MasterWeights.None, MasterWeights.Rest16, MasterWeights.Rest8 })
        {
            ArgumentException e = Assert.Throws<ArgumentException>(() => Parameter.Over(new Half[3], master: master));
            Assert.Equal("master", e.ParamName);
            Assert.Contains("binary16", e.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.Over(new BFloat16[3], master: (MasterWeights)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.CreateBFloat16(3, (MasterWeights)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.CreateBFloat16(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameter.CreateHalf(-1));
        Assert.Throws<ArgumentException>(() => Parameter.Over(new BFloat16[3], new BFloat16[4]));
        Assert.Throws<ArgumentException>(() => Parameter.Over(new Half[3], new Half[4]));
        BFloat16[] both = new BFloat16[5];
        Assert.Throws<ArgumentException>(() => Parameter.Over(both.AsMemory(0, 3), both.AsMemory(2, 3)));
        Assert.Throws<ArgumentNullException>(() => Parameter.Over((BFloat16[])null!));
        Assert.Throws<ArgumentNullException>(() => Parameter.Over((Half[])null!));
    }

    [Fact]
    public void ModelsThatShareMemoryAreRefused()
    {
        BFloat16[] memory = new BFloat16[10];
        using Parameter a = Parameter.Over(memory.AsMemory(0, 6)), b = Parameter.Over(memory.AsMemory(5), master: MasterWeights.Float32);
        Assert.Throws<ArgumentException>(() => new Adam([a, b]));
        using Parameter c = Parameter.Create([1f, 1f, 1f]);
        c.SetGradient(memory.AsMemory(4, 3));
        Assert.Throws<ArgumentException>(() => new Adam([a, c]));
        using Adam alone = new([b], new AdamOptions { Dialect = Dialect.PyTorch });
        Assert.Throws<ArgumentException>(() => alone.Step(System.Runtime.InteropServices.MemoryMarshal.Cast<BFloat16, float>(memory.AsSpan())));
    }

    [Fact]
    public void BFloat16IsTheUpperHalfOfAFloat()
    {
        Assert.Equal(0x3f80, ((BFloat16)1f).Bits);
        Assert.Equal(0x3f80, ((BFloat16)BitConverter.UInt32BitsToSingle(0x3f808000)).Bits);
        Assert.Equal(0x3f82, ((BFloat16)BitConverter.UInt32BitsToSingle(0x3f818000)).Bits);
        Assert.Equal(0x7f80, ((BFloat16)float.MaxValue).Bits);
        Assert.Equal(0xffc0, ((BFloat16)BitConverter.UInt32BitsToSingle(0xff800001)).Bits);
        Assert.Equal(1.5f, (float)BFloat16.FromBits(0x3fc0));
        BFloat16 nan = (BFloat16)float.NaN, zero = (BFloat16)0f, minus = (BFloat16)(-0f);
        Assert.True(zero == minus && nan != BFloat16.FromBits(nan.Bits) && nan.Equals(nan));
        Assert.True(zero.GetHashCode() == minus.GetHashCode() && !zero.Equals((object)0f));
        Assert.Equal(1.5f.ToString(System.Globalization.CultureInfo.CurrentCulture), ((BFloat16)1.5f).ToString());
    }

    /// <summary>To 16 bits of fraction, to nearest even.</summary>
    private static float Rounded(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return BitConverter.UInt32BitsToSingle((bits + 127 + (bits >> 8 & 1)) & ~255u);
    }
}
