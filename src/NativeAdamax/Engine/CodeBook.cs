using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeAdamax.Engine;

/// <summary>
/// The numbers that the codes of a book format stand for, rising, and the thresholds between them, in memory that stays
/// where it is as long as the process lives.
/// </summary>
/// <remarks>
/// The dynamic map (Dettmers, "8-bit approximations for parallelism in deep learning", 2015) as bitsandbytes and torchao
/// define it: of every decade from 10^(1 - levels) to 1 the middles of equal parts of 0.1 to 1, twice as many in each as
/// in the one below, and 0 and 1. Computed from the definition and rounded once; those systems round in between, which
/// moves some of the numbers by one or two ulps.
/// </remarks>
internal sealed unsafe class CodeBook
{
    /// <summary>For first moments: 127 numbers of either sign, 0 and 1.</summary>
    public static readonly CodeBook Signed8 = new(levels: 7, signed: true);

    /// <summary>For second moments: 254 positive numbers, 0 and 1.</summary>
    public static readonly CodeBook Unsigned8 = new(levels: 7, signed: false);

    /// <summary>For first moments: seven numbers of either sign, 0 and 1.</summary>
    public static readonly CodeBook Signed4 = new(levels: 3, signed: true);

    private const float SmallestNormal = 1.17549435e-38f;

    private readonly float[] _memory;
    private readonly int _size;

    private CodeBook(int levels, bool signed)
    {
        float[] values = DynamicMap(levels, signed);
        _size = values.Length;
        _memory = GC.AllocateUninitializedArray<float>(2 * _size - 1, pinned: true);
        values.CopyTo(_memory, 0);
        for (int code = 0; code < _size - 1; ++code)
            _memory[_size + code] = Threshold(values[code], values[code + 1]);
        if (!signed)
            _memory[_size] = SmallestNormal;
    }

    /// <summary>The values, and behind them one threshold fewer.</summary>
    public float* Pointer => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));

    public ReadOnlySpan<float> Values => _memory.AsSpan(0, _size);

    /// <summary>
    /// Threshold k is the smallest float that is nearer to value k + 1 than to value k. But only 0 gets the 0 of second
    /// moments: where one became 0 and the first moment stayed, a step would be divided by epsilon alone.
    /// </summary>
    public ReadOnlySpan<float> Thresholds => _memory.AsSpan(_size);

    private static float[] DynamicMap(int levels, bool signed)
    {
        List<float> values = [0, 1];
        for (int level = 0; level < levels; ++level)
        {
            int parts = signed ? 1 << level : 2 << level;
            double decades = 1;
            for (int i = level + 1; i < levels; ++i)
                decades *= 10;
            for (int part = 0; part < parts; ++part)
            {
                // 0.1 + 0.9 * (part + 1/2) / parts, as one division of integers
                float middle = (float)((2 * parts + 9 * (2 * part + 1)) / (20 * parts * decades));
                values.Add(middle);
                if (signed)
                    values.Add(-middle);
            }
        }

        values.Sort();
        return [.. values];
    }

    /// <summary>The sum of two such neighbours is exact in double, and its half.</summary>
    private static float Threshold(float low, float high)
    {
        double middle = ((double)low + high) / 2;
        float nearest = (float)middle;
        return nearest > middle ? nearest : float.BitIncrement(nearest);
    }
}
