using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>The bits of as many neighbouring elements as a vector has bytes: those of four vectors of floats.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Quad(Vector<uint> a, Vector<uint> b, Vector<uint> c, Vector<uint> d)
{
    public readonly Vector<uint> A = a, B = b, C = c, D = d;

    /// <summary>Elements of it.</summary>
    public static nuint Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nuint)Vector<byte>.Count;
    }
}
