using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>
/// The bits themselves, as a bf16 rounded half up and what is missing to it in 16 bits: the upper half of the bits and
/// one where the lower half, then negative, is 0x8000 or more.
/// </summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct Rest16Format(ushort* halves, ushort* rests) : IFormat
{
    private readonly ushort* _halves = halves, _rests = rests;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad Unpack(nuint i, nuint lanes)
    {
        Quad h = BitWords.Load(_halves + i, lanes);
        Quad r = BitWords.Load(_rests + i, lanes);
        return new Quad(Join(h.A, r.A), Join(h.B, r.B), Join(h.C, r.C), Join(h.D, r.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack(nuint i, Quad x, nuint lanes)
    {
        x = new Quad(OneNaN(x.A), OneNaN(x.B), OneNaN(x.C), OneNaN(x.D));
        BitWords.Store(_rests + i, x, lanes);
        BitWords.Store(_halves + i, new Quad(Upper(x.A), Upper(x.B), Upper(x.C), Upper(x.D)), lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Upper(Vector<uint> bits) => (bits + BitWords.Set(0x8000)) >>> 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> OneNaN(Vector<uint> bits) =>
        BitWords.WhereNaN(bits, BitWords.Set(BitWords.QuietNaN), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Join(Vector<uint> half, Vector<uint> rest)
    {
        Vector<int> signed = Vector.ShiftLeft(rest, 16).As<uint, int>() >> 16;
        return Vector.ShiftLeft(half, 16) + signed.As<int, uint>();
    }
}

/// <summary>The same of bits rounded to a multiple of 256, to nearest even; what is missing fits in 8 bits.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct Rest8Format(ushort* halves, byte* rests) : IFormat
{
    private readonly ushort* _halves = halves;
    private readonly byte* _rests = rests;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad Unpack(nuint i, nuint lanes)
    {
        Quad h = BitWords.Load(_halves + i, lanes);
        Quad r = BitWords.Load(_rests + i, lanes);
        return new Quad(Join(h.A, r.A), Join(h.B, r.B), Join(h.C, r.C), Join(h.D, r.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack(nuint i, Quad x, nuint lanes)
    {
        x = new Quad(Round(x.A), Round(x.B), Round(x.C), Round(x.D));
        BitWords.Store(_rests + i, new Quad(x.A >>> 8, x.B >>> 8, x.C >>> 8, x.D >>> 8), lanes);
        BitWords.Store(
            _halves + i,
            new Quad(Rest16Format.Upper(x.A), Rest16Format.Upper(x.B), Rest16Format.Upper(x.C), Rest16Format.Upper(x.D)),
            lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Join(Vector<uint> half, Vector<uint> rest) =>
        Vector.ShiftLeft(half, 16) + BitWords.SignedByte(rest, at: 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Round(Vector<uint> bits) =>
        BitWords.WhereNaN(bits, BitWords.Set(BitWords.QuietNaN), BitWords.Rounded(bits, 8));
}
