using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>x = scale * values[c], where c counts the thresholds that are at most x / scale.</summary>
internal static unsafe class BookFormats
{
    /// <summary>How many of size - 1 thresholds are at most q; size is a power of 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Code(float* thresholds, int size, float q)
    {
        int code = 0;
        for (int step = size / 2; step > 0; step /= 2)
            code += Unsafe.BitCast<bool, byte>(thresholds[code + step - 1] <= q) * step;
        return code;
    }

    public static void Unpack8(float* book, byte* codes, float scale, float* to, nuint count)
    {
        for (nuint i = 0; i < count; ++i)
            to[i] = scale * book[codes[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack8(float* book, byte* codes, float scale, float* from, nuint count)
    {
        for (nuint i = 0; i < count; ++i)
            codes[i] = (byte)Code(book + 256, 256, from[i] / scale);
    }

    public static void Unpack4(float* book, byte* codes, float scale, float* to, nuint count)
    {
        for (nuint i = 0; i < count; ++i)
            to[i] = scale * book[codes[i / 2] >> (int)(i % 2 * 4) & 15];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack4(float* book, byte* codes, float scale, float* from, nuint count)
    {
        for (nuint i = 0; i < count; i += 2)
        {
            int low = Code(book + 16, 16, from[i] / scale);
            int high = i + 1 < count ? Code(book + 16, 16, from[i + 1] / scale) : 0;
            codes[i / 2] = (byte)(low | high << 4);
        }
    }
}
