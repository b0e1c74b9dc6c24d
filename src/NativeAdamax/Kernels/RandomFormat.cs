using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>
/// bf16, away from zero where a random number of 16 bits is below the lower half, but never from finite to infinite. Read
/// as any other bf16.
/// </summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly unsafe struct RandomFormat(ushort* data, ushort* numbers) : IPacker
{
    private const uint Largest = 0x7f7f;

    private readonly ushort* _data = data;
    private readonly ushort* _numbers = numbers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack(nuint i, Quad x, nuint lanes)
    {
        Quad r = BitWords.Load(_numbers + i, lanes);
        x = new Quad(Round(x.A, r.A), Round(x.B, r.B), Round(x.C, r.C), Round(x.D, r.D));
        BitWords.Store(_data + i, x, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Round(Vector<uint> bits, Vector<uint> number)
    {
        Vector<uint> magnitude = bits & BitWords.Set(BitWords.Magnitude);
        Vector<uint> rounded = (magnitude + (BitWords.Set(0xffff) - number)) >>> 16;
        rounded = Vector.Min(rounded, BitWords.Set(Largest));
        rounded = BitWords.WhereAbove(magnitude, BitWords.Infinity - 1, BitWords.Set(BitWords.Infinity >> 16), rounded);
        rounded |= (bits >>> 16) & BitWords.Set(0x8000);
        return BitWords.WhereNaN(bits, BitWords.Set(BitWords.QuietNaN >> 16), rounded);
    }
}
