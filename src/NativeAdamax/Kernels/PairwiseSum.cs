using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>
/// A sum as a fixed tree over the terms in their order: neighbours are added, then neighbouring pairs, and so on, and
/// what a number of terms that is no power of two leaves over is added from the last to the first. The bits depend on
/// the terms alone, not on who computed them or in what portions, and the error grows with the logarithm of their
/// number.
/// </summary>
internal struct PairwiseSum
{
    private Levels _levels;
    private ulong _count;

    /// <summary>The sum of all terms.</summary>
    public static double Of(ReadOnlySpan<double> terms)
    {
        PairwiseSum sum = default;
        sum.Add(terms);
        return sum.Total();
    }

    /// <summary>Adds terms behind those that were added before.</summary>
    public void Add(ReadOnlySpan<double> terms)
    {
        foreach (double term in terms)
            AddTree(term, 0);
    }

    /// <summary>Adds so many terms that are all zero, in the time of a few.</summary>
    public void AddZeros(ulong terms)
    {
        while (terms > 0)
        {
            // The largest tree that starts here and is no larger than what is left.
            int level = Math.Min(BitOperations.TrailingZeroCount(_count), BitOperations.Log2(terms));
            AddTree(0, level);
            terms -= 1ul << level;
        }
    }

    /// <summary>Adds the sum of 2^level terms, where a tree of that size can start.</summary>
    private void AddTree(double tree, int level)
    {
        // The number of complete trees is the number of ones in the count; a carry joins two of the same size.
        ulong carry = _count >> level;
        _count += 1ul << level;
        for (; (carry & 1) != 0; carry >>= 1)
            tree = _levels[level++] + tree;
        _levels[level] = tree;
    }

    /// <summary>The sum so far; 0 of no terms.</summary>
    public readonly double Total()
    {
        double total = 0;
        for (int level = 0; level < 64; ++level)
        {
            if ((_count >> level & 1) != 0)
                total = _levels[level] + total;
        }

        return total;
    }

    /// <summary>The complete trees, of 2^index terms each.</summary>
    [InlineArray(64)]
    private struct Levels
    {
        private double _first;
    }
}
