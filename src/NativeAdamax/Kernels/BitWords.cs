using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>
/// The words over bits that the packed formats are written in. Loads widen, stores keep the lowest bits; those of fewer
/// than a quad's lanes go element by element.
/// </summary>
internal static unsafe class BitWords
{
    public const uint Magnitude = 0x7fffffff;
    public const uint Infinity = 0x7f800000;
    public const uint QuietNaN = 0x7fc00000;
    private const int MostLanes = 64; // Vector<T> has at most 512 bits

    /// <summary>1.5 * 2^23: where an ulp is 1, so that a sum with it rounds to an integer.</summary>
    private const float Rounder = 12582912;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Set(uint x) => Vector.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Of(Vector<float> x) => x.As<float, uint>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Float(Vector<uint> bits) => bits.As<uint, float>();

    /// <summary>x where a &gt; b, both below 2^31, and y elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> WhereAbove(Vector<uint> a, uint b, Vector<uint> x, Vector<uint> y) =>
        Vector.ConditionalSelect(
            Vector.GreaterThan(a.As<uint, int>(), Vector.Create((int)b)).As<int, uint>(), x, y);

    /// <summary>x where the bits are those of NaN, and y elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> WhereNaN(Vector<uint> bits, Vector<uint> x, Vector<uint> y)
    {
        Vector<int> number = Vector.Equals(Float(bits), Float(bits));
        return Vector.ConditionalSelect(number.As<int, uint>(), y, x);
    }

    /// <summary>Bits rounded to nearest even at a bit, but for what is left below it; NaN may become anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Rounded(Vector<uint> bits, int at) =>
        bits + Set((1u << (at - 1)) - 1) + ((bits >>> at) & Vector<uint>.One);

    /// <summary>The two's complement of the nearest integer, ties to even; |x| &lt; 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Nearest(Vector<float> x) =>
        Of(x + Words.Set(Rounder)) - Set(BitConverter.SingleToUInt32Bits(Rounder));

    /// <summary>The number of a two's complement between -2^22 and 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Number(Vector<uint> x) =>
        Float(x + Set(BitConverter.SingleToUInt32Bits(Rounder))) - Words.Set(Rounder);

    /// <summary>The two's complement of the lowest byte, times 2^at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> SignedByte(Vector<uint> x, int at = 0) =>
        (Vector.ShiftLeft(x, 24).As<uint, int>() >> (24 - at)).As<int, uint>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Load(float* p, nuint lanes) => lanes == Quad.Lanes ? Whole((uint*)p) : Part((uint*)p, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Load(ushort* p, nuint lanes) => lanes == Quad.Lanes ? Whole(p) : Part(p, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Load(byte* p, nuint lanes) => lanes == Quad.Lanes ? Whole(p) : Part(p, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, Quad x, nuint lanes)
    {
        if (lanes == Quad.Lanes)
            Whole((uint*)p, x);
        else
            Part((uint*)p, x, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ushort* p, Quad x, nuint lanes)
    {
        if (lanes == Quad.Lanes)
            Whole(p, x);
        else
            Part(p, x, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* p, Quad x, nuint lanes)
    {
        if (lanes == Quad.Lanes)
            Whole(p, x);
        else
            Part(p, x, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Whole(uint* p)
    {
        int count = Vector<uint>.Count;
        return new Quad(Vector.Load(p), Vector.Load(p + count), Vector.Load(p + 2 * count), Vector.Load(p + 3 * count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Whole(ushort* p)
    {
        Vector.Widen(Vector.Load(p), out Vector<uint> a, out Vector<uint> b);
        Vector.Widen(Vector.Load(p + Vector<ushort>.Count), out Vector<uint> c, out Vector<uint> d);
        return new Quad(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Whole(byte* p)
    {
        Vector.Widen(Vector.Load(p), out Vector<ushort> low, out Vector<ushort> high);
        Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
        Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
        return new Quad(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole(uint* p, Quad x)
    {
        int count = Vector<uint>.Count;
        x.A.Store(p);
        x.B.Store(p + count);
        x.C.Store(p + 2 * count);
        x.D.Store(p + 3 * count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole(ushort* p, Quad x)
    {
        Vector.Narrow(x.A, x.B).Store(p);
        Vector.Narrow(x.C, x.D).Store(p + Vector<ushort>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole(byte* p, Quad x) =>
        Vector.Narrow(Vector.Narrow(x.A, x.B), Vector.Narrow(x.C, x.D)).Store(p);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Quad Part(uint* p, nuint lanes)
    {
        uint* part = stackalloc uint[MostLanes];
        for (nuint i = 0; i < lanes; ++i)
            part[i] = p[i];
        return Whole(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Quad Part(ushort* p, nuint lanes)
    {
        ushort* part = stackalloc ushort[MostLanes];
        for (nuint i = 0; i < lanes; ++i)
            part[i] = p[i];
        return Whole(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Quad Part(byte* p, nuint lanes)
    {
        byte* part = stackalloc byte[MostLanes];
        for (nuint i = 0; i < lanes; ++i)
            part[i] = p[i];
        return Whole(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Part(uint* p, Quad x, nuint lanes)
    {
        uint* part = stackalloc uint[MostLanes];
        Whole(part, x);
        for (nuint i = 0; i < lanes; ++i)
            p[i] = part[i];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Part(ushort* p, Quad x, nuint lanes)
    {
        ushort* part = stackalloc ushort[MostLanes];
        Whole(part, x);
        for (nuint i = 0; i < lanes; ++i)
            p[i] = part[i];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Part(byte* p, Quad x, nuint lanes)
    {
        byte* part = stackalloc byte[MostLanes];
        Whole(part, x);
        for (nuint i = 0; i < lanes; ++i)
            p[i] = part[i];
    }
}
