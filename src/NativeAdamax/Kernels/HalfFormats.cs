using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>A format of 16 bits an element that depends on nothing else. Every NaN becomes the same one.</summary>
internal interface IHalf
{
    static abstract Vector<uint> Unpack(Vector<uint> half);

    static abstract Vector<uint> Pack(Vector<uint> bits);
}

[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct HalfFormat<THalf>(ushort* data) : IFormat
    where THalf : struct, IHalf
{
    private readonly ushort* _data = data;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad Unpack(nuint i, nuint lanes)
    {
        Quad h = BitWords.Load(_data + i, lanes);
        return new Quad(THalf.Unpack(h.A), THalf.Unpack(h.B), THalf.Unpack(h.C), THalf.Unpack(h.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack(nuint i, Quad x, nuint lanes) =>
        BitWords.Store(_data + i, new Quad(THalf.Pack(x.A), THalf.Pack(x.B), THalf.Pack(x.C), THalf.Pack(x.D)), lanes);
}

/// <summary>The upper half of a float's bits, rounded to nearest even.</summary>
internal readonly struct BFloat16Half : IHalf
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Unpack(Vector<uint> half) => Vector.ShiftLeft(half, 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Pack(Vector<uint> bits)
    {
        Vector<uint> rounded = BitWords.Rounded(bits, 16) >>> 16;
        return BitWords.WhereNaN(bits, BitWords.Set(BitWords.QuietNaN >> 16), rounded);
    }
}

/// <summary>IEEE binary16, rounded to nearest even.</summary>
internal readonly struct Binary16 : IHalf
{
    /// <summary>What the exponents of the two formats differ by, in the bits of a float.</summary>
    private const uint Bias = 112 << 23;

    private const uint Half = 0x3f000000;

    /// <summary>
    /// A denormal stands for as many ulps of one half as it has units. What is above all numbers is infinite or NaN,
    /// and its exponent goes on to a float's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Unpack(Vector<uint> half)
    {
        Vector<uint> magnitude = half & BitWords.Set(0x7fff);
        Vector<uint> number = Vector.ShiftLeft(magnitude, 13) + BitWords.Set(Bias);
        number = BitWords.WhereAbove(magnitude, 0x7bff, number + BitWords.Set(Bias), number);
        Vector<float> denormal = BitWords.Float(magnitude + BitWords.Set(Half)) - Words.Set(0.5f);
        number = BitWords.WhereAbove(magnitude, 0x3ff, number, BitWords.Of(denormal));
        return number | Vector.ShiftLeft(half & BitWords.Set(0x8000), 16);
    }

    /// <summary>A sum with one half, whose ulp is 2^-24, rounds to a denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Pack(Vector<uint> bits)
    {
        Vector<uint> magnitude = bits & BitWords.Set(BitWords.Magnitude);
        Vector<uint> number = (BitWords.Rounded(magnitude, 13) >>> 13) - BitWords.Set(Bias >> 13);
        number = BitWords.WhereAbove(number, 0x7c00, BitWords.Set(0x7c00), number);
        Vector<uint> denormal = BitWords.Of(BitWords.Float(magnitude) + Words.Set(0.5f)) - BitWords.Set(Half);
        number = BitWords.WhereAbove(magnitude, 0x387fffff, number, denormal);
        number |= (bits >>> 16) & BitWords.Set(0x8000);
        return BitWords.WhereNaN(bits, BitWords.Set(0x7e00), number);
    }
}
