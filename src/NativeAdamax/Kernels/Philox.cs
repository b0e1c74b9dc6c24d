using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): four words for each
/// of several counters, a counter a lane, every word in the lower half of its lane.
/// </summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal struct Philox(Vector<ulong> c0, Vector<ulong> c1, Vector<ulong> c2, Vector<ulong> c3)
{
    public const int Rounds = 10;
    private const uint FirstWeyl = 0x9e3779b9, SecondWeyl = 0xbb67ae85;

    public Vector<ulong> W0 = c0, W1 = c1, W2 = c2, W3 = c3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Round(ulong seed, uint round)
    {
        Vector<ulong> low = Vector.Create<ulong>(uint.MaxValue);
        Vector<ulong> a = W0 * Vector.Create(0xd2511f53ul);
        Vector<ulong> b = W2 * Vector.Create(0xcd9e8d57ul);
        W0 = (b >>> 32) ^ W1 ^ Vector.Create<ulong>((uint)seed + round * FirstWeyl);
        W1 = b & low;
        W2 = (a >>> 32) ^ W3 ^ Vector.Create<ulong>((uint)(seed >> 32) + round * SecondWeyl);
        W3 = a & low;
    }
}

/// <summary>The random numbers that a stream is rounded with.</summary>
internal static unsafe class RandomNumbers
{
    /// <summary>Counters of a block: those of its elements j with the same j % 32.</summary>
    private const int Lanes = 32;

    /// <summary>
    /// The numbers, of 16 bits each, of the elements of a block of NA_BLOCK: element j takes half j / 32, lower halves
    /// first, of the words of counter j % 32.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void OfBlock(uint* numbers, NaPacking* key, int stream, ulong block)
    {
        int width = Vector<ulong>.Count;
        var step = Vector.Create<ulong>((uint)key->step);
        var tensor = Vector.Create<ulong>((uint)key->tensor);
        uint top = (uint)stream | ((uint)(block >> 27) & 0xff) << 8 | (uint)(key->step >> 32) << 16;
        Vector<ulong> counter = Vector<ulong>.Indices + Vector.Create<ulong>((uint)(block * Lanes));
        for (int lane = 0; lane < Lanes; lane += 2 * width)
        {
            Philox a = new(counter, step, tensor, Vector.Create<ulong>(top));
            counter += Vector.Create((ulong)width);
            Philox b = new(counter, step, tensor, Vector.Create<ulong>(top));
            counter += Vector.Create((ulong)width);
            for (uint round = 0; round < Philox.Rounds; ++round)
            {
                a.Round(key->seed, round);
                b.Round(key->seed, round);
            }

            Store(numbers + lane, Vector.Narrow(a.W0, b.W0));
            Store(numbers + lane + 2 * Lanes, Vector.Narrow(a.W1, b.W1));
            Store(numbers + lane + 4 * Lanes, Vector.Narrow(a.W2, b.W2));
            Store(numbers + lane + 6 * Lanes, Vector.Narrow(a.W3, b.W3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(uint* numbers, Vector<uint> words)
    {
        (words & Vector.Create(0xffffu)).Store(numbers);
        (words >>> 16).Store(numbers + Lanes);
    }
}
