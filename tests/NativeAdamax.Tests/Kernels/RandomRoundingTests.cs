using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class RandomRoundingTests
{
    private const uint Format = NativeMethods.NA_BF16_RANDOM;

    /// <summary>
    /// A lower half l rounds up with probability l / 2^16. Of n draws the number of ups lies within 5.5 standard
    /// deviations of that, but for one in 2.6e7 such tests; here are 60, of four million draws together a backend.
    /// </summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void RoundingIsUnbiased(BackendSelection selection)
    {
        const int draws = 1 << 18;
        foreach (uint lower in new uint[] { 1, 100, 0x1000, 0x4000, 0x7fff, 0x8000, 0x8001, 0xc000, 0xfff0, 0xffff })
        {
            foreach (uint upper in new uint[] { 0x3f80, 0xbf81, 0x0000, 0x8080, 0x7f00, 0x0001 })
            {
                float[] floats = new float[draws];
                floats.AsSpan().Fill(BitConverter.UInt32BitsToSingle(upper << 16 | lower));
                NaPacking key = new() { seed = 42, step = lower, tensor = upper };
                using PackedStream packed = PackedCopy.Pack(selection, Format, floats, key);
                ReadOnlySpan<ushort> halves = new(packed.Native.data, draws);
                int ups = halves.Count((ushort)(upper + 1));
                Assert.Equal(draws, ups + halves.Count((ushort)upper));

                double p = lower / 65536.0;
                double deviation = Math.Sqrt(draws * p * (1 - p));
                Assert.InRange(ups, draws * p - 5.5 * deviation - 1, draws * p + 5.5 * deviation + 1);
            }
        }
    }

    /// <summary>
    /// Ups of neighbouring elements, steps, tensors and seeds are independent: of n pairs a quarter are both up, within
    /// 5.5 standard deviations.
    /// </summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void DrawsOfNeighboursDoNotDependOnEachOther(BackendSelection selection)
    {
        const int draws = 1 << 18;
        float[] floats = new float[draws];
        floats.AsSpan().Fill(BitConverter.UInt32BitsToSingle(0x3f808000));
        NaPacking key = new() { seed = 7, step = 1000, tensor = 3 };
        bool[] first = Ups(selection, floats, key);
        bool[][] others =
        [
            [.. first[1..], first[0]],
            [.. first[32..], .. first[..32]],
            [.. first[256..], .. first[..256]],
            Ups(selection, floats, key with { step = 1001 }),
            Ups(selection, floats, key with { step = key.step + (1ul << 32) }),
            Ups(selection, floats, key with { tensor = 4 }),
            Ups(selection, floats, key with { seed = 8 }),
            Ups(selection, floats, key with { seed = key.seed + (1ul << 32) }),
        ];
        double deviation = Math.Sqrt(draws * 3.0 / 16);
        foreach (bool[] other in others)
        {
            int both = first.Zip(other).Count(pair => pair.First && pair.Second);
            Assert.InRange(both, draws / 4 - 5.5 * deviation, draws / 4 + 5.5 * deviation);
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void WhatIsFiniteStaysFiniteAndTheRestStaysWhatItIs(BackendSelection selection)
    {
        uint[] bits =
        [
            0x7f7f0000, 0x7f7f0001, 0x7f7f8000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff,
            0x00000000, 0x00000001, 0x0000ffff, 0x007fffff, 0x3f800000,
        ];
        float[] floats = new float[4096];
        for (int i = 0; i < floats.Length; ++i)
        {
            uint sign = i / bits.Length % 2 == 0 ? 0 : 0x80000000;
            floats[i] = BitConverter.UInt32BitsToSingle(bits[i % bits.Length] | sign);
        }

        using PackedStream packed = PackedCopy.Pack(selection, Format, floats);
        for (int i = 0; i < floats.Length; ++i)
        {
            float rounded = ScalarFormats.Unpack(packed.Native, i);
            Assert.Equal(float.IsNaN(floats[i]), float.IsNaN(rounded));
            Assert.Equal(float.IsFinite(floats[i]), float.IsFinite(rounded));
            Assert.Equal(float.IsNegative(floats[i]) && !float.IsNaN(floats[i]), float.IsNegative(rounded));
        }
    }

    private static bool[] Ups(BackendSelection selection, float[] floats, in NaPacking key)
    {
        using PackedStream packed = PackedCopy.Pack(selection, Format, floats, key);
        bool[] ups = new bool[floats.Length];
        for (int i = 0; i < ups.Length; ++i)
            ups[i] = ((ushort*)packed.Native.data)[i] != BitConverter.SingleToUInt32Bits(floats[i]) >> 16;
        return ups;
    }
}
