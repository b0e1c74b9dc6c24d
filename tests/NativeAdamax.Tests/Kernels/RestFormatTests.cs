using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class RestFormatTests
{
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void SixteenBitsOfRestKeepEveryFloat(BackendSelection selection)
    {
        float[] floats = Sample();
        using PackedStream packed = PackedCopy.Pack(selection, NativeMethods.NA_BF16_REST16, floats);
        Bits.AssertSame(floats, PackedCopy.Unpack(selection, packed), $"rests of 16 bits on {selection}");
    }

    /// <summary>The half alone is the float rounded to bf16, of two the one away from zero.</summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheHalfIsTheNearestBFloat16(BackendSelection selection)
    {
        float[] floats = Sample();
        using PackedStream packed = PackedCopy.Pack(selection, NativeMethods.NA_BF16_REST16, floats);
        for (int i = 0; i < floats.Length; ++i)
        {
            ushort half = ((ushort*)packed.Native.data)[i];
            uint bits = BitConverter.SingleToUInt32Bits(floats[i]);
            ushort nearest = (bits & 0xffff) == 0x8000
                ? (ushort)((bits >> 16) + 1)
                : ScalarFormats.NearestBFloat16(floats[i]);
            if (!float.IsNaN(floats[i]))
                Assert.Equal(nearest, half);
        }
    }

    /// <summary>At most half of a 256th of a bf16's ulp; FlashOptim (arXiv 2602.23349) promises half of a 254th.</summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void EightBitsOfRestKeepAFloatWithinA512thOfAnUlp(BackendSelection selection)
    {
        float[] floats = Sample();
        using PackedStream packed = PackedCopy.Pack(selection, NativeMethods.NA_BF16_REST8, floats);
        float[] unpacked = PackedCopy.Unpack(selection, packed);
        float beyond = BitConverter.UInt32BitsToSingle(0x7f7fff80); // nearer to infinity than to a multiple of 256
        for (int i = 0; i < floats.Length; ++i)
        {
            float x = floats[i];
            if (!float.IsFinite(x) || float.Abs(x) >= beyond)
            {
                Assert.Equal(float.IsFinite(x) ? float.CopySign(float.PositiveInfinity, x) : x, unpacked[i]);
                continue;
            }

            uint upper = BitConverter.SingleToUInt32Bits(x) & 0x7fff0000;
            double ulp = upper >= 0x7f7f0000
                ? Math.ScaleB(1, 120)
                : (double)BitConverter.UInt32BitsToSingle(upper + 0x10000) - BitConverter.UInt32BitsToSingle(upper);
            Assert.True(Math.Abs((double)x - unpacked[i]) <= ulp / 512, $"{x:g9} becomes {unpacked[i]:g9}.");
        }
    }

    /// <summary>Every upper half with the lower halves at which anything changes, and a run of pseudorandom bits.</summary>
    private static float[] Sample()
    {
        uint[] lowers = [0, 1, 127, 128, 129, 0x180, 0x7f7f, 0x7f80, 0x7f81, 0x7fff, 0x8000, 0x8001, 0xff7f, 0xff80, 0xffff];
        List<float> floats = [];
        for (uint upper = 0; upper < 1 << 16; ++upper)
        {
            foreach (uint lower in lowers)
                floats.Add(BitConverter.UInt32BitsToSingle(upper << 16 | lower));
        }

        Random random = new(3);
        for (int i = 0; i < 100_001; ++i)
            floats.Add(BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)));
        return [.. floats];
    }
}
