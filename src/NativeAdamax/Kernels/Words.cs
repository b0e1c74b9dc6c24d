using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// The words that the kernels are written in: the vec words of the native library, over <see cref="Vector{T}"/>.
/// Each rounds once, fuses nothing, and gives the bits of portable C for every width of the vector.
/// </summary>
internal static unsafe class Words
{
    private const uint Exponent = 0x7f800000;

    /// <summary>Elements of a vector.</summary>
    public static nuint Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nuint)Vector<float>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* p, nuint lanes)
    {
        if (lanes == Lanes)
            return Unsafe.ReadUnaligned<Vector<float>>(p);
        Vector<float> part = Vector<float>.Zero;
        CopyLanes((float*)&part, p, lanes);
        return part;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, Vector<float> x, nuint lanes)
    {
        if (lanes == Lanes)
        {
            Unsafe.WriteUnaligned(p, x);
            return;
        }
        Vector<float> part = x;
        CopyLanes(p, (float*)&part, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Set(float x) => Vector.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sqrt(Vector<float> x) => Vector.SquareRoot(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Abs(Vector<float> x) => Vector.Abs(x);

    /// <summary>
    /// The larger of two numbers that are +0 or above, or NaN: the larger bit pattern, so that NaN wins.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MaxNonNegative(Vector<float> a, Vector<float> b) =>
        Vector.Max(a.As<float, uint>(), b.As<float, uint>()).As<uint, float>();

    /// <summary>x between lo and hi; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Clamp(Vector<float> x, Vector<float> lo, Vector<float> hi)
    {
        Vector<float> r = Vector.ConditionalSelect(Vector.GreaterThan(lo, x), lo, x);
        return Vector.ConditionalSelect(Vector.LessThan(hi, r), hi, r);
    }

    /// <summary>a + c * (b - a): neither drifts nor is biased, as two rounded factors beta and 1 - beta are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Toward(Vector<float> a, Vector<float> c, Vector<float> b) => a + c * (b - a);

    /// <summary>
    /// The bits that <see cref="Flush"/> tests. A flushed v moves sqrt(v) by less than 2^-63. Where the rest of the
    /// denominator is below 2^-39 that would show, and turn a finite quotient into 0 / 0 where it is zero: then all
    /// bits, so that nothing is flushed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> SetFlush(NaScalars* row)
    {
        const float hiding = 1f / (1L << 39);
        bool hidden = row->eps >= hiding || row->eps_in >= hiding || row->root >= hiding * hiding;
        return Vector.Create(hidden ? Exponent : uint.MaxValue);
    }

    /// <summary>
    /// +0 where no bit of the mask is set in x: with the exponent's bits, where x is zero or denormal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Flush(Vector<float> x, Vector<uint> mask)
    {
        Vector<uint> bits = x.As<float, uint>();
        return Vector.AndNot(bits, Vector.Equals(bits & mask, Vector<uint>.Zero)).As<uint, float>();
    }

    /// <summary>x where x is at most cap, else +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Keep(Vector<float> x, Vector<float> cap) =>
        (Vector.LessThanOrEqual(x, cap) & x.As<float, int>()).As<int, float>();

    /// <summary>All bits of a lane where x is infinite or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> NonFinite(Vector<float> x)
    {
        Vector<uint> exponent = Vector.Create(Exponent);
        return Vector.Equals(x.As<float, uint>() & exponent, exponent);
    }

    /// <summary>At most a vector's lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLanes(float* to, float* from, nuint lanes)
    {
        nuint i = 0;
        for (; lanes - i >= 4; i += 4)
            Vector128.Store(Vector128.Load(from + i), to + i);
        if ((lanes & 2) != 0)
        {
            *(ulong*)(to + i) = *(ulong*)(from + i);
            i += 2;
        }
        if ((lanes & 1) != 0)
            to[i] = from[i];
    }
}
