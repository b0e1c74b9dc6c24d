using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using NativeAdamax.Interop;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Kernels;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Precision;

/// <summary>The tables of m end at 1 but above -1; the scale of a block is one by which its lowest number has a code.</summary>
public sealed class TableScaleTests
{
    private const int Block = NativeMethods.NA_BLOCK, FourBits = NativeMethods.NA_BOOK4;

    private static readonly Gen<uint> Formats = Gen.Elements((uint)NativeMethods.NA_BOOK8, (uint)FourBits);

    private static readonly Gen<float> Scales =
        from mantissa in Gen.Choose(1 << 23, (1 << 24) - 1)
        from exponent in Gen.Choose(-80, 120)
        select MathF.ScaleB(mantissa, exponent - 24);

    private static readonly Gen<(uint Format, float[] Numbers)> Blocks =
        from format in Formats
        from count in Gen.Choose(1, 2 * Block + 1)
        from scale in Scales
        from mantissas in Gen.ArrayOf(Gen.Choose(-1 << 20, 1 << 20), count)
        select (format, mantissas.Select(x => MathF.ScaleB(x, -20) * scale).ToArray());

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheLowestIsKeptAndTheNearestValueIsFound(BackendSelection selection) => Always.Holds(
        Blocks,
        x =>
        {
            using PackedStream packed = PackedCopy.Pack(selection, x.Format, x.Numbers);
            float[] read = PackedCopy.Unpack(selection, packed);
            // Half of the widest step between two values, by the largest scale, which is the largest magnitude over 0.8875.
            double error = (x.Format == FourBits ? 0.9 / 8 : 0.9 / 128) * 1.127;
            for (int at = 0; at < read.Length; at += Block)
            {
                float[] block = x.Numbers[at..Math.Min(at + Block, read.Length)];
                float lowest = block.Min();
                double most = block.Max(Math.Abs);
                for (int i = 0; i < block.Length; i++)
                    Assert.InRange(read[at + i], block[i] - most * error, block[i] + most * error);
                if (lowest == -most)
                    Assert.Equal(1, read[at + Array.IndexOf(block, lowest)] / lowest, 2e-7f);
            }
        });

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void WhatWasUnpackedPacksToTheSameCodesAndScales(BackendSelection selection) => Always.Holds(
        Blocks,
        x =>
        {
            using PackedStream once = PackedCopy.Pack(selection, x.Format, x.Numbers);
            using PackedStream twice = PackedCopy.Pack(selection, x.Format, PackedCopy.Unpack(selection, once));
            twice.AssertSameBytes(once, $"{selection}");
        });

    /// <summary>
    /// As other programs leave them, with the largest magnitude as scale, at the table's end on either side. The scale of a
    /// block that leads on the negative side is guessed from its lowest number, which two scales can have.
    /// </summary>
    [Fact]
    public void CodesOfOtherProgramsStayAndTheirScalesMoveByOneUlpAtMostAndOnce() => Always.Holds(
        from format in Formats
        from scale in Scales
        from codes in Gen.ArrayOf(Gen.Choose(0, 255), Block)
        from negative in Gen.Elements(true, false)
        select (format, scale, codes, negative),
        x =>
        {
            using PackedStream theirs = new(x.format, Block);
            for (int i = 0; i < theirs.Data.Length; i++)
                theirs.Data[i] = (byte)x.codes[i];
            for (int i = 0; i < theirs.Data.Length && x.negative; i++)
                theirs.Data[i] = x.format == FourBits ? (byte)(theirs.Data[i] & 0x77) : (byte)(theirs.Data[i] & 0x7f);
            theirs.Data[7] = x.negative ? (byte)0 : (byte)255;
            MemoryMarshal.Cast<byte, float>(theirs.Beside)[0] = x.scale;
            using PackedStream ours = PackedCopy.Pack(Backend.Available[0], x.format, PackedCopy.Unpack(Backend.Available[0], theirs));
            float scale = MemoryMarshal.Cast<byte, float>(ours.Beside)[0];
            Assert.Equal(theirs.Data, ours.Data);
            Assert.InRange(scale, float.BitDecrement(x.scale), float.BitIncrement(x.scale));
            Assert.True(x.negative || scale == x.scale, $"{x.scale} became {scale}.");
            using PackedStream again = PackedCopy.Pack(Backend.Available[0], x.format, PackedCopy.Unpack(Backend.Available[0], ours));
            again.AssertSameBytes(ours, "the second time");
        });

    [Theory]
    [InlineData(StateFormat.EightBitDynamic)]
    [InlineData(StateFormat.FourBitDynamic)]
    public void AStateDictionaryReadAgainIsTheSameState(StateFormat format)
    {
        using Parameter w = Parameter.Create(Training.Numbers(1, 3 * Block + 5), "w");
        using TorchOptimizer torch = new([w], new AdamOptions
        {
            Precision = new StatePrecision
            {
                FirstMoment = format,
                SecondMoment = StateFormat.EightBitDynamic,
                FewestQuantized = 0,
            },
        });
        for (int step = 0; step < 5; step++)
        {
            Training.Numbers((uint)step + 2, w.Weights.Length).CopyTo(w.Gradient);
            w.Gradient[..Block].Fill(-1);
            torch.Step();
        }

        ParameterState state = torch.Inner.State(w);
        byte[] codes = [.. state.QuantizedFirstMoment.Codes], codes2 = [.. state.QuantizedSecondMoment.Codes];
        float[] scales = [.. state.QuantizedFirstMoment.Scales], scales2 = [.. state.QuantizedSecondMoment.Scales];
        StateDict saved = torch.StateDict();
        torch.Step();
        Assert.NotEqual(codes, state.QuantizedFirstMoment.Codes.ToArray());
        torch.LoadStateDict(saved);
        Assert.Equal(codes, state.QuantizedFirstMoment.Codes.ToArray());
        Assert.Equal(codes2, state.QuantizedSecondMoment.Codes.ToArray());
        Assert.Equal(scales, state.QuantizedFirstMoment.Scales.ToArray());
        Assert.Equal(scales2, state.QuantizedSecondMoment.Scales.ToArray());
    }
}
