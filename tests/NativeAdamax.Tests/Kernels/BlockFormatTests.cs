using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class BlockFormatTests
{
    private const int Block = NativeMethods.NA_BLOCK;
    private static readonly float SmallestNormal = BitConverter.UInt32BitsToSingle(0x00800000);

    public static TheoryData<BackendSelection, uint> Formats => PackedCopy.On(
        NativeMethods.NA_SOFTSIGN8, NativeMethods.NA_SQRT8, NativeMethods.NA_BOOK8, NativeMethods.NA_BOOK4);

    [Theory]
    [MemberData(nameof(Formats))]
    public void ZerosAndTheLargestElementAreExact(BackendSelection selection, uint format)
    {
        Random random = new(5);
        foreach (float scale in new[] { SmallestNormal, 1e-30f, 0.7f, 1, 3.3e20f, float.MaxValue })
        {
            float[] floats = new float[3 * Block + 77];
            for (int i = 0; i < floats.Length; ++i)
                floats[i] = i % 3 == 0 ? 0 : random.NextSingle() * scale;
            for (int at = 0; at < floats.Length; at += Block)
                floats[at + 70] = scale;
            using PackedStream packed = PackedCopy.Pack(selection, format, floats);
            float[] unpacked = PackedCopy.Unpack(selection, packed);
            for (int i = 0; i < floats.Length; ++i)
            {
                if (floats[i] == 0 || floats[i] == scale)
                    Assert.Equal(floats[i], unpacked[i]);
                else
                    Assert.InRange(unpacked[i], 0, scale);
            }
        }
    }

    /// <summary>Half of what two neighbouring codes lie apart at the largest element, and a little for roundings.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryElementIsNearTheOneThatIsKept(BackendSelection selection, uint format)
    {
        double error = format switch
        {
            NativeMethods.NA_SOFTSIGN8 => 1.0 / 127,
            NativeMethods.NA_SQRT8 => 1.0 / 254,
            NativeMethods.NA_BOOK8 => 0.9 / 128,
            _ => 0.9 / 6,
        };
        Random random = new(6);
        float[] floats = new float[5 * Block + 3];
        for (int i = 0; i < floats.Length; ++i)
            floats[i] = (random.NextSingle() - (format == NativeMethods.NA_SQRT8 ? 0 : 0.5f)) * 8;
        using PackedStream packed = PackedCopy.Pack(selection, format, floats);
        float[] unpacked = PackedCopy.Unpack(selection, packed);
        for (int i = 0; i < floats.Length; ++i)
        {
            float scale = floats.Skip(i / Block * Block).Take(Block).Max(float.Abs);
            // A book's scale may be larger than that: its lowest value, -0.8875 of 16, is that of the lowest element then.
            double larger = format >= NativeMethods.NA_BOOK8 ? 1.13 : 1.001;
            Assert.InRange(Math.Abs(floats[i] - unpacked[i]), 0, error * larger * scale);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ABlockThatIsNotFiniteBecomesNanAndItsNeighboursDoNot(BackendSelection selection, uint format)
    {
        foreach (float bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (int at in new[] { Block, Block + 100, 2 * Block - 1 })
            {
                float[] floats = new float[2 * Block + 10];
                floats.AsSpan().Fill(1);
                floats[at] = bad;
                using PackedStream packed = PackedCopy.Pack(selection, format, floats);
                float[] unpacked = PackedCopy.Unpack(selection, packed);
                for (int i = 0; i < floats.Length; ++i)
                    Assert.Equal(i / Block == 1 ? float.NaN : 1, unpacked[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ABlockBelowTheSmallestNormalFloatBecomesZeros(BackendSelection selection, uint format)
    {
        foreach (float tiny in new[] { 0, float.Epsilon, float.BitDecrement(SmallestNormal) })
        {
            float[] floats = new float[Block + 33];
            floats.AsSpan().Fill(tiny);
            using PackedStream packed = PackedCopy.Pack(selection, format, floats);
            Assert.All(PackedCopy.Unpack(selection, packed), x => Assert.Equal(0, x));
            floats[Block] = SmallestNormal;
            using PackedStream normal = PackedCopy.Pack(selection, format, floats);
            Assert.Equal(SmallestNormal, PackedCopy.Unpack(selection, normal)[Block]);
        }
    }

    /// <summary>What is halfway between two codes: an even one in the companded formats, the smaller one of a book.</summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TiesAreWhereTheHeaderPutsThem(BackendSelection selection)
    {
        // With a scale of 1 and x = c / (254 - c), x / 2 / (1 / 2 + x / 2) * 254 is c; sqrt(x) * 255 is c for c^2 / 255^2.
        float[] floats = new float[Block];
        floats[0] = 1;
        int exact = 0;
        for (int k = 1; k < 127; ++k)
        {
            float c = k + 0.5f;
            floats[k] = c / (254 - c);
            float half = 0.5f * floats[k];
            exact += half / (0.5f + half) * 254 == c ? 1 : 0;
            floats[127 + k] = -floats[k];
        }

        Assert.True(exact > 20, $"{exact} ties");
        using PackedStream packed = PackedCopy.Pack(selection, NativeMethods.NA_SOFTSIGN8, floats);
        for (int k = 1; k < 127; ++k)
        {
            float half = 0.5f * floats[k];
            if (half / (0.5f + half) * 254 != k + 0.5f)
                continue;
            Assert.Equal(k + k % 2, (sbyte)packed.Data[k]);
            Assert.Equal(-k - k % 2, (sbyte)packed.Data[127 + k]);
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void OnlyZeroBecomesZeroByTheRoot(BackendSelection selection)
    {
        foreach (float scale in new[] { SmallestNormal, 1, float.MaxValue })
        {
            float[] floats = new float[Block];
            (floats[0], floats[1], floats[2], floats[3]) = (scale, float.Epsilon, SmallestNormal, scale * 1e-6f);
            using PackedStream packed = PackedCopy.Pack(selection, NativeMethods.NA_SQRT8, floats);
            Assert.Equal(new byte[] { 255, 1 }, packed.Data[..2].ToArray());
            Assert.InRange(packed.Data[2], 1, 255);
            Assert.Equal(1, packed.Data[3]);
            Assert.All(packed.Data[4..].ToArray(), code => Assert.Equal(0, code));
        }
    }

    /// <summary>The roundings of sqrt(scale) and of 255 / sqrt(scale) may carry a code beyond 255: it stays there.</summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheLargestElementHasTheLargestCode(BackendSelection selection)
    {
        Random random = new(8);
        for (int run = 0; run < 2000; ++run)
        {
            float scale = BitConverter.UInt32BitsToSingle((uint)random.Next(0x00800000, 0x7f800000));
            float[] floats = [scale, 0, -0f];
            using PackedStream packed = PackedCopy.Pack(selection, NativeMethods.NA_SQRT8, floats);
            Assert.Equal(new byte[] { 255, 0, 0 }, packed.Data.ToArray());
            Assert.Equal(scale, PackedCopy.Unpack(selection, packed)[0]);
        }
    }
}
