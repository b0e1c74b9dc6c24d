using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// The formulas of the native header for packed streams, one element at a time and in other words than the kernels'.
/// </summary>
internal static unsafe class ScalarFormats
{
    private const float SmallestNormal = 1.17549435e-38f;
    private const uint QuietNaN = 0x7fc00000;

    public static bool HasBlocks(uint format) => format >= NativeMethods.NA_SOFTSIGN8;

    public static void Unpack(in NaPacked p, Span<float> to)
    {
        for (int i = 0; i < to.Length; ++i)
            to[i] = Unpack(p, i);
    }

    public static float Unpack(in NaPacked p, int i)
    {
        ushort half = HasBlocks(p.format) ? (ushort)0 : ((ushort*)p.data)[i];
        byte code = HasBlocks(p.format) ? ((byte*)p.data)[p.format == NativeMethods.NA_BOOK4 ? i / 2 : i] : (byte)0;
        float scale = HasBlocks(p.format) ? ((float*)p.beside)[i / NativeMethods.NA_BLOCK] : 0;
        switch (p.format)
        {
            case NativeMethods.NA_BF16:
            case NativeMethods.NA_BF16_RANDOM:
                return Float((uint)half << 16);
            case NativeMethods.NA_F16:
                return (float)BitConverter.UInt16BitsToHalf(half);
            case NativeMethods.NA_BF16_REST16:
                return Float((uint)(half * 65536 + ((short*)p.beside)[i]));
            case NativeMethods.NA_BF16_REST8:
                return Float((uint)(half * 65536 + ((sbyte*)p.beside)[i] * 256));
            case NativeMethods.NA_SOFTSIGN8:
                float c = (sbyte)code;
                return scale * (c / (254 - MathF.Abs(c)));
            case NativeMethods.NA_SQRT8:
                float t = code * (1f / 255);
                return scale * (t * t);
            case NativeMethods.NA_BOOK8:
                return scale * p.book[code];
            default:
                return scale * p.book[i % 2 == 0 ? code % 16 : code / 16];
        }
    }

    /// <param name="p">Where to.</param>
    /// <param name="from">All elements.</param>
    /// <param name="key">What random rounding is keyed by.</param>
    /// <param name="stream">The stream's number.</param>
    public static void Pack(in NaPacked p, ReadOnlySpan<float> from, in NaPacking key, int stream)
    {
        for (int at = 0; HasBlocks(p.format) && at < from.Length; at += NativeMethods.NA_BLOCK)
            PackBlock(p, from[at..Math.Min(at + NativeMethods.NA_BLOCK, from.Length)], at);
        for (int i = 0; !HasBlocks(p.format) && i < from.Length; ++i)
            PackElement(p, from[i], i, key, stream);
    }

    /// <summary>The nearest bf16, a tie to the even one; beyond the largest lies the next power of two as infinity.</summary>
    public static ushort NearestBFloat16(float x)
    {
        if (!float.IsFinite(x))
            return Truncated(x);
        ushort low = Truncated(x);
        double below = Magnitude(low), above = Magnitude((ushort)(low + 1)), exact = Math.Abs((double)x);
        bool up = exact - below > above - exact || (exact - below == above - exact && low % 2 != 0);
        return (ushort)(up ? low + 1 : low);
    }

    /// <summary>bf16 by a number of 16 bits.</summary>
    public static ushort RandomBFloat16(float x, uint number)
    {
        ushort low = Truncated(x);
        bool up = float.IsFinite(x) && number < (Bits(x) & 0xffff) && (low & 0x7fff) < 0x7f7f;
        return (ushort)(up ? low + 1 : low);
    }

    private static void PackElement(in NaPacked p, float x, int i, in NaPacking key, int stream)
    {
        ushort* half = (ushort*)p.data + i;
        switch (p.format)
        {
            case NativeMethods.NA_BF16:
                *half = NearestBFloat16(x);
                break;
            case NativeMethods.NA_F16:
                *half = float.IsNaN(x) ? (ushort)0x7e00 : BitConverter.HalfToUInt16Bits((Half)x);
                break;
            case NativeMethods.NA_BF16_RANDOM:
                *half = RandomBFloat16(x, ScalarPhilox.Number(key, stream, i));
                break;
            case NativeMethods.NA_BF16_REST16:
                uint exact = float.IsNaN(x) ? QuietNaN : Bits(x);
                short rest = (short)exact;
                *half = (ushort)((exact - (uint)rest) / 65536);
                ((short*)p.beside)[i] = rest;
                break;
            default:
                uint rounded = (uint)Math.Round((Bits(x) & 0x7fffffff) / 256.0, MidpointRounding.ToEven) * 256;
                rounded = float.IsNaN(x) ? QuietNaN : rounded | (Bits(x) & 0x80000000);
                sbyte rest8 = (sbyte)(rounded / 256);
                *half = (ushort)((rounded - (uint)(rest8 * 256)) / 65536);
                ((sbyte*)p.beside)[i] = rest8;
                break;
        }
    }

    private static void PackBlock(in NaPacked p, ReadOnlySpan<float> block, int at)
    {
        float scale = 0;
        foreach (float x in block)
            scale = float.IsFinite(x) && !float.IsNaN(scale) ? Math.Max(scale, Math.Abs(x)) : float.NaN;
        if (scale < SmallestNormal)
            scale = 0;
        if (p.book != null && p.book[0] < 0 && scale > 0)
        {
            float lowest = 0;
            foreach (float x in block)
                lowest = Math.Min(lowest, x);
            if (scale * p.book[0] > lowest)
                scale = Math.Min(lowest / p.book[0], float.MaxValue);
        }

        ((float*)p.beside)[at / NativeMethods.NA_BLOCK] = float.IsNaN(scale) ? Float(QuietNaN) : scale;
        byte* codes = (byte*)p.data + (p.format == NativeMethods.NA_BOOK4 ? at / 2 : at);
        for (int i = 0; i < block.Length; ++i)
        {
            int code = Code(p, scale > 0 ? block[i] : 0, scale > 0 ? scale : 1);
            if (p.format != NativeMethods.NA_BOOK4)
                codes[i] = (byte)code;
            else
                codes[i / 2] = (byte)(i % 2 == 0 ? code : codes[i / 2] | code << 4);
        }
    }

    private static int Code(in NaPacked p, float x, float scale)
    {
        switch (p.format)
        {
            case NativeMethods.NA_SOFTSIGN8:
                float half = x * 0.5f;
                float part = half / (scale * 0.5f + MathF.Abs(half));
                return (int)MathF.Round(part * 254, MidpointRounding.ToEven);
            case NativeMethods.NA_SQRT8:
                float root = MathF.Sqrt(MathF.Abs(x)) * (255 / MathF.Sqrt(scale));
                return Math.Clamp((int)MathF.Round(root, MidpointRounding.ToEven), x == 0 ? 0 : 1, 255);
            default:
                ReadOnlySpan<float> values = new(p.book, p.format == NativeMethods.NA_BOOK8 ? 256 : 16);
                return NearestCode(values, x / scale);
        }
    }

    /// <summary>The code of the nearest value; of two, the smaller. Where the lowest value is 0, only 0 gets it.</summary>
    public static int NearestCode(ReadOnlySpan<float> values, float q)
    {
        int nearest = 0;
        for (int code = 1; code < values.Length; ++code)
        {
            if (Math.Abs((double)values[code] - q) < Math.Abs((double)values[nearest] - q))
                nearest = code;
        }

        return nearest == 0 && values[0] == 0 && q >= 1.17549435e-38f ? 1 : nearest;
    }

    private static ushort Truncated(float x) =>
        (ushort)(float.IsNaN(x) ? 0x7fc0 : Bits(x) >> 16);

    private static double Magnitude(ushort half) =>
        (half & 0x7fff) == 0x7f80 ? Math.ScaleB(1, 128) : Math.Abs((double)Float((uint)half << 16));

    private static uint Bits(float x) => BitConverter.SingleToUInt32Bits(x);

    private static float Float(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
