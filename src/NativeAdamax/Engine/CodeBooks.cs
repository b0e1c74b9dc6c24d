using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// The tables of dynamic 8 and 4 bit formats, where the kernels read them: the values, rising, and behind them the
/// thresholds between neighbours.
/// </summary>
internal static unsafe class CodeBooks
{
    // Pinned for good: never moved, never freed.
    private static readonly float[] s_signed = Build(exponents: 7, isSigned: true);
    private static readonly float[] s_unsigned = Build(exponents: 7, isSigned: false);
    private static readonly float[] s_signedFourBit = Build(exponents: 3, isSigned: true);

    /// <summary>The table of a format for a stream; null where it has none.</summary>
    public static float* Of(uint format, StreamPlace place) => format switch
    {
        NativeMethods.NA_BOOK8 => Start(place == StreamPlace.M ? s_signed : s_unsigned),
        NativeMethods.NA_BOOK4 => Start(s_signedFourBit),
        _ => null,
    };

    /// <summary>The values of a table.</summary>
    public static ReadOnlySpan<float> Values(uint format, StreamPlace place)
    {
        float* book = Of(format, place);
        return new ReadOnlySpan<float>(book, book is null ? 0 : format == NativeMethods.NA_BOOK8 ? 256 : 16);
    }

    /// <summary>The code of 0.</summary>
    public static byte Zero(uint format, StreamPlace place) => (byte)Values(format, place).IndexOf(0f);

    private static float* Start(float[] book) => (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(book, 0);

    /// <summary>
    /// Level i of the exponents has 2^i (without signs 2^(i + 1)) values: the middles between as many equal steps from 0.1
    /// to 1, times 10^(i - exponents + 1). With signs their negatives too; and 0, and 1.
    /// </summary>
    private static float[] Build(int exponents, bool isSigned)
    {
        List<float> values = [0, 1];
        double power = 1;
        for (int i = exponents - 1; i >= 0; i--, power *= 10)
        {
            int count = 1 << (isSigned ? i : i + 1);
            for (int k = 0; k < count; k++)
            {
                float value = (float)((0.1 + 0.9 * (k + 0.5) / count) / power);
                values.Add(value);
                if (isSigned)
                    values.Add(-value);
            }
        }

        values.Sort();
        float[] book = GC.AllocateArray<float>(2 * values.Count - 1, pinned: true);
        for (int i = 0; i < values.Count; i++)
        {
            book[i] = values[i];
            if (i > 0)
                book[values.Count + i - 1] = AtLeast(((double)values[i - 1] + values[i]) / 2);
        }

        return book;
    }

    /// <summary>The least float that is not below a number: then a comparison with it is one with the number.</summary>
    private static float AtLeast(double value)
    {
        float near = (float)value;
        return near >= value ? near : MathF.BitIncrement(near);
    }
}
