using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// One op over the <c>lanes</c> elements from element i on (a vector's, or fewer), in three parts so that the loads of
/// several can precede the first store.
/// </summary>
internal unsafe interface IBlock<TSelf, TValues>
    where TSelf : struct, IBlock<TSelf, TValues>
    where TValues : struct
{
    static abstract TSelf Create(NaTensor* t, NaScalars* row, On on);

    /// <summary>The stream whose vectors are aligned.</summary>
    static abstract float* AlignedStream(NaTensor* t);

    TValues Load(nuint i, nuint lanes);

    TValues Compute(TValues s);

    void Store(nuint i, TValues s, nuint lanes);
}

/// <summary>How a block runs over a range.</summary>
internal static unsafe class Sweep
{
    /// <summary>
    /// Vectors from the first aligned one on, four at a time with all loads before the first store (neighbouring arrays
    /// often lie a few bytes apart modulo 4096, where an early store delays the loads behind it), then one at a time.
    /// What is left at either end is the first and the last vector of the range, loaded before anything was stored: an
    /// element that the loop covered too gets the same bits twice.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run<TBlock, TValues>(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
        where TBlock : struct, IBlock<TBlock, TValues>
        where TValues : struct
    {
        nuint lanes = Words.Lanes;
        if (end - begin < lanes)
        {
            Part<TBlock, TValues>(t, row, on, begin, end - begin);
            return;
        }

        TBlock block = TBlock.Create(t, row, on);
        TValues first = block.Load(begin, lanes);
        TValues last = block.Load(end - lanes, lanes);
        nuint head = (0 - (nuint)(TBlock.AlignedStream(t) + begin) / sizeof(float)) % lanes;
        nuint i = begin + head;
        for (; end - i >= 4 * lanes; i += 4 * lanes)
        {
            TValues s0 = block.Load(i, lanes);
            TValues s1 = block.Load(i + lanes, lanes);
            TValues s2 = block.Load(i + 2 * lanes, lanes);
            TValues s3 = block.Load(i + 3 * lanes, lanes);
            block.Store(i, block.Compute(s0), lanes);
            block.Store(i + lanes, block.Compute(s1), lanes);
            block.Store(i + 2 * lanes, block.Compute(s2), lanes);
            block.Store(i + 3 * lanes, block.Compute(s3), lanes);
        }

        while (i < end || head > 0)
        {
            nuint at;
            TValues s;
            if (end - i >= lanes)
            {
                at = i;
                s = block.Load(i, lanes);
                i += lanes;
            }
            else if (i < end)
            {
                at = end - lanes;
                s = last;
                i = end;
            }
            else
            {
                at = begin;
                s = first;
                head = 0;
            }

            block.Store(at, block.Compute(s), lanes);
        }
    }

    /// <summary>A range shorter than a vector.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Part<TBlock, TValues>(NaTensor* t, NaScalars* row, On on, nuint i, nuint lanes)
        where TBlock : struct, IBlock<TBlock, TValues>
        where TValues : struct
    {
        TBlock block = TBlock.Create(t, row, on);
        block.Store(i, block.Compute(block.Load(i, lanes)), lanes);
    }
}
