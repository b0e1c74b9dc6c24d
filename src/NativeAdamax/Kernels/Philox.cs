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
    /// <summary>Counters of a block, each with the numbers of eight elements.</summary>
    private const int Counters = NativeMethods.NA_BLOCK / 8;

    /// <summary>
    /// The numbers of the elements of a block of NA_BLOCK: the halves of the words of one counter after the other, lower
    /// halves first.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void OfBlock(ushort* numbers, NaPacking* key, int stream, ulong block)
    {
        int width = Vector<ulong>.Count;
        var step = Vector.Create<ulong>((uint)key->step);
        var tensor = Vector.Create<ulong>((uint)key->tensor);
        uint top = (uint)stream | ((uint)(block * Counters >> 32) & 0xff) << 8 | (uint)(key->step >> 32) << 16;
        Vector<ulong> counter = Vector<ulong>.Indices + Vector.Create<ulong>((uint)(block * Counters));
        for (int first = 0; first < Counters; first += 2 * width)
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

            Store(numbers + 8 * first, a.W0 | a.W1 << 32, a.W2 | a.W3 << 32);
            Store(numbers + 8 * (first + width), b.W0 | b.W1 << 32, b.W2 | b.W3 << 32);
        }
    }

    /// <summary>Four halves of the lower and four of the upper, lane after lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ushort* numbers, Vector<ulong> lower, Vector<ulong> upper)
    {
        int width = Vector<ulong>.Count;
        ulong* lanes = stackalloc ulong[2 * width];
        lower.Store(lanes);
        upper.Store(lanes + width);
        for (int i = 0; i < width; ++i)
        {
            Store(numbers + 8 * i, lanes[i]);
            Store(numbers + 8 * i + 4, lanes[width + i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ushort* numbers, ulong halves)
    {
        if (BitConverter.IsLittleEndian)
        {
            Unsafe.WriteUnaligned(numbers, halves);
            return;
        }

        for (int i = 0; i < 4; ++i)
            numbers[i] = (ushort)(halves >> 16 * i);
    }
}
