using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>Every half there is, and every float at which the rounding to one changes.</summary>
public sealed unsafe class HalfFormatTests
{
    private const int Halves = 1 << 16;

    public static TheoryData<BackendSelection, uint> Formats => PackedCopy.On(
        NativeMethods.NA_BF16, NativeMethods.NA_F16, NativeMethods.NA_BF16_RANDOM);

    public static TheoryData<BackendSelection, uint> NearestFormats => PackedCopy.On(
        NativeMethods.NA_BF16, NativeMethods.NA_F16);

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryHalfIsUnpackedExactlyAndPackedAgain(BackendSelection selection, uint format)
    {
        using PackedStream packed = new(format, Halves);
        ushort* halves = (ushort*)packed.Native.data;
        for (int h = 0; h < Halves; ++h)
            halves[h] = (ushort)h;

        float[] floats = PackedCopy.Unpack(selection, packed);
        using PackedStream again = PackedCopy.Pack(selection, format, floats);
        ushort* packedAgain = (ushort*)again.Native.data;
        for (int h = 0; h < Halves; ++h)
        {
            float expected = ScalarFormats.Unpack(packed.Native, h);
            if (float.IsNaN(expected))
            {
                Assert.True(float.IsNaN(floats[h]), $"{h:x4} is unpacked to {floats[h]}.");
                Assert.Equal(format == NativeMethods.NA_F16 ? 0x7e00 : 0x7fc0, packedAgain[h]);
                continue;
            }

            Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(floats[h]));
            Assert.Equal(h, packedAgain[h]);
        }
    }

    [Theory]
    [MemberData(nameof(NearestFormats))]
    public void EveryBoundaryIsRoundedToNearestEven(BackendSelection selection, uint format)
    {
        float[] floats = [.. Boundaries(format)];
        using PackedStream packed = PackedCopy.Pack(selection, format, floats);
        using PackedStream expected = new(format, floats.Length);
        ScalarFormats.Pack(expected.Native, floats, default, 0);
        ushort* actual = (ushort*)packed.Native.data, its = (ushort*)expected.Native.data;
        for (int i = 0; i < floats.Length; ++i)
        {
            uint bits = BitConverter.SingleToUInt32Bits(floats[i]);
            Assert.True(actual[i] == its[i], $"{bits:x8} becomes {actual[i]:x4}, not {its[i]:x4}.");
        }
    }

    /// <summary>
    /// Of every two neighbouring halves the middle and the floats next to it and to them; what is too large, and NaN.
    /// </summary>
    private static IEnumerable<float> Boundaries(uint format)
    {
        float largest = format == NativeMethods.NA_F16 ? (float)Half.MaxValue : float.MaxValue;
        for (uint half = 0; half < 0x7f80; ++half)
        {
            float low = Float(format, half), high = Float(format, half + 1);
            if (float.IsNaN(low) || low > largest)
                break;
            double next = float.IsInfinity(high) ? 2.0 * low - Float(format, half - 1) : high;
            float middle = (float)(((double)low + next) / 2);
            foreach (float x in new[] { low, middle, float.Min(high, float.MaxValue) })
            {
                foreach (float near in new[] { float.BitDecrement(x), x, float.BitIncrement(x) })
                {
                    yield return near;
                    yield return -near;
                }
            }
        }

        foreach (uint nan in new uint[] { 0x7f800001, 0x7f80ffff, 0x7fbfffff, 0x7fc00000, 0x7fffffff })
        {
            yield return BitConverter.UInt32BitsToSingle(nan);
            yield return BitConverter.UInt32BitsToSingle(nan | 0x80000000);
        }

        yield return float.MaxValue;
        yield return float.PositiveInfinity;
        yield return float.NegativeInfinity;
    }

    private static float Float(uint format, uint half)
    {
        ushort h = (ushort)half;
        NaPacked one = new() { data = &h, format = format };
        return ScalarFormats.Unpack(one, 0);
    }
}
