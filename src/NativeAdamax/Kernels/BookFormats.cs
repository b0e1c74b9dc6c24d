using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>x = scale * values[c], where c counts the thresholds that are at most x / scale.</summary>
internal static unsafe class BookFormats
{
    private const int Size8 = 256, Size4 = 16;

    /// <summary>How many thresholds of a book of 256 values are at most q, which is a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Code8(float* book, float q)
    {
        float* thresholds = book + Size8;
        q += 0; // minus 0 is 0
        nuint code = AtMost(thresholds[127], q) << 7;
        code += AtMost(thresholds[code + 63], q) << 6;
        code += AtMost(thresholds[code + 31], q) << 5;
        code += AtMost(thresholds[code + 15], q) << 4;
        code += AtMost(thresholds[code + 7], q) << 3;
        code += AtMost(thresholds[code + 3], q) << 2;
        code += AtMost(thresholds[code + 1], q) << 1;
        return (byte)(code + AtMost(thresholds[code], q));
    }

    /// <summary>How many thresholds of a book of 16 values are at most q, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Codes4(float* book, Vector<float> q)
    {
        Vector<int> minus = Vector<int>.Zero;
        for (int i = Size4; i < 2 * Size4 - 1; ++i)
            minus += Vector.LessThanOrEqual(Words.Set(book[i]), q);
        return (Vector<int>.Zero - minus).As<int, uint>();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack8(float* book, byte* codes, float scale, float* to, nuint count)
    {
        for (nuint i = 0; i < count; ++i)
            to[i] = scale * book[codes[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack8(float* book, byte* codes, float scale, float* from, nuint count)
    {
        for (nuint i = 0; i < count; ++i)
            codes[i] = Code8(book, from[i] / scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack4(float* book, byte* codes, float scale, float* to, nuint count)
    {
        for (nuint i = 0; i < count; ++i)
            to[i] = scale * book[codes[i / 2] >> (int)(i % 2 * 4) & 15];
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack4(float* book, byte* codes, float scale, float* from, nuint count)
    {
        uint* all = stackalloc uint[NativeMethods.NA_BLOCK];
        for (nuint i = 0; i < count; i += Words.Lanes)
        {
            Vector<float> x = Words.Load(from + i, nuint.Min(count - i, Words.Lanes));
            Codes4(book, x / Words.Set(scale)).Store(all + i);
        }

        if (count % 2 != 0)
            all[count] = 0;
        for (nuint i = 0; i < count; i += 2)
            codes[i / 2] = (byte)(all[i] | all[i + 1] << 4);
    }

    /// <summary>
    /// 1 where the difference has no sign, else 0. A comparison's answer goes into a part of a register on x64, which
    /// makes a search wait for the one before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint AtMost(float threshold, float q) => ~BitConverter.SingleToUInt32Bits(q - threshold) >> 31;
}
