using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>Blocks of NA_BLOCK elements that share a scale; the first element is the start of one.</summary>
internal static unsafe class Blocks
{
    private const nuint Size = NativeMethods.NA_BLOCK;
    private const uint SmallestNormal = 0x00800000;

    public static void Unpack(NaPacked* p, nuint begin, nuint count, float* to)
    {
        for (nuint at = 0; at < count; at += Size)
        {
            byte* codes = Codes(p, begin + at);
            float scale = ((float*)p->beside)[(begin + at) / Size];
            nuint n = nuint.Min(count - at, Size);
            switch (p->format)
            {
                case NativeMethods.NA_SOFTSIGN8:
                    FormatSweep.Unpack(new SoftsignFormat(codes, scale), to + at, n);
                    break;
                case NativeMethods.NA_SQRT8:
                    FormatSweep.Unpack(new SqrtFormat(codes, scale), to + at, n);
                    break;
                case NativeMethods.NA_BOOK8:
                    BookFormats.Unpack8(p->book, codes, scale, to + at, n);
                    break;
                default:
                    BookFormats.Unpack4(p->book, codes, scale, to + at, n);
                    break;
            }
        }
    }

    public static void Pack(NaPacked* p, nuint begin, nuint count, float* from)
    {
        for (nuint at = 0; at < count; at += Size)
        {
            byte* codes = Codes(p, begin + at);
            nuint n = nuint.Min(count - at, Size);
            float scale = Scale(p, from + at, n);
            ((float*)p->beside)[(begin + at) / Size] = scale;
            if (!(scale > 0))
            {
                PackEmpty(p, codes, n);
                continue;
            }

            switch (p->format)
            {
                case NativeMethods.NA_SOFTSIGN8:
                    FormatSweep.Pack(new SoftsignFormat(codes, scale), from + at, n);
                    break;
                case NativeMethods.NA_SQRT8:
                    FormatSweep.Pack(new SqrtFormat(codes, scale), from + at, n);
                    break;
                case NativeMethods.NA_BOOK8:
                    BookFormats.Pack8(p->book, codes, scale, from + at, n);
                    break;
                default:
                    BookFormats.Pack4(p->book, codes, scale, from + at, n);
                    break;
            }
        }
    }

    /// <summary>The largest magnitude; NaN where that is not finite, 0 where it is below the smallest normal float.</summary>
    private static float Largest(float* x, nuint count)
    {
        uint all = Largest(x, count, BitWords.Magnitude);
        if (all >= BitWords.Infinity)
            all = BitWords.QuietNaN;
        return all < SmallestNormal ? 0 : BitConverter.UInt32BitsToSingle(all);
    }

    /// <summary>
    /// What is divided by: the largest magnitude. In a book, with N that of what is below 0 and a = -values[0], it is N / a
    /// where scale * a is less than N, which would have no code. Asked by the product, so that what was unpacked, whose N
    /// is scale * a rounded, gives the same scale again.
    /// </summary>
    private static float Scale(NaPacked* p, float* x, nuint count)
    {
        float scale = Largest(x, count), a = p->format >= NativeMethods.NA_BOOK8 ? -p->book[0] : 0;
        if (!(a > 0) || !(scale > 0))
            return scale;
        uint last = Largest(x, count, ~0u); // the bits of a negative number are above those of all others
        float n = last > ~BitWords.Magnitude ? BitConverter.UInt32BitsToSingle(last & BitWords.Magnitude) : 0;
        return scale * a < n ? float.Min(n / a, float.MaxValue) : scale;
    }

    /// <summary>The largest bits of any element, of those that the mask has.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static uint Largest(float* x, nuint count, uint mask)
    {
        Vector<uint> largest = Vector<uint>.Zero, of = BitWords.Set(mask);
        nuint i = 0;
        for (; count - i >= Quad.Lanes; i += Quad.Lanes)
            largest = Vector.Max(largest, Largest(BitWords.Load(x + i, Quad.Lanes), of));
        if (i < count)
            largest = Vector.Max(largest, Largest(BitWords.Load(x + i, count - i), of));

        uint all = 0;
        for (int lane = 0; lane < Vector<uint>.Count; ++lane)
            all = uint.Max(all, largest[lane]);
        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Largest(Quad x, Vector<uint> mask) =>
        Vector.Max(Vector.Max(x.A & mask, x.B & mask), Vector.Max(x.C & mask, x.D & mask));

    /// <summary>The codes of a block of zeros or NaN: that of 0.</summary>
    private static void PackEmpty(NaPacked* p, byte* codes, nuint count)
    {
        int bytes = (int)count;
        int zero = 0;
        if (p->format == NativeMethods.NA_BOOK8)
            zero = BookFormats.Code8(p->book, 0);
        if (p->format == NativeMethods.NA_BOOK4)
        {
            zero = (int)BookFormats.Codes4(p->book, Vector<float>.Zero)[0];
            if (count % 2 != 0)
                codes[count / 2] = (byte)zero;
            zero |= zero << 4;
            bytes /= 2;
        }

        new Span<byte>(codes, bytes).Fill((byte)zero);
    }

    private static byte* Codes(NaPacked* p, nuint at) =>
        (byte*)p->data + (p->format == NativeMethods.NA_BOOK4 ? at / 2 : at);
}
