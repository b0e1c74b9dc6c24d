using System.Numerics;
using NativeAdamax.Kernels;

namespace NativeAdamax.Engine;

/// <summary>
/// The sum of squares of a gradient that is zero but for some rows, with the bits that the kernels give the whole of it:
/// each square adds to the lane of its position, and the zeros between add nothing.
/// </summary>
internal static unsafe class RowSquares
{
    private const int Lanes = 32;

    /// <param name="gradient">The rows.</param>
    /// <param name="count">Elements of the whole.</param>
    public static double Sum(RowGradient gradient, ulong count)
    {
        if (gradient.Count == 0)
            return 0;
        double* lanes = stackalloc double[Lanes];
        new Span<double>(lanes, Lanes).Clear();
        PairwiseSum sum = default;
        ulong done = 0, block = 0;
        for (int i = 0; i < gradient.Count; i++)
        {
            ulong position = (ulong)gradient.Rows[i] * (ulong)gradient.Width;
            ulong end = position + (ulong)gradient.Width;
            float* g = gradient.Values + (long)i * gradient.Width;
            while (position < end)
            {
                if (position / Parts.SumGrain != block)
                {
                    done = Finish(lanes, ref sum, done, block);
                    block = position / Parts.SumGrain;
                }

                ulong stop = Math.Min(end, (block + 1) * Parts.SumGrain);
                AddTo(lanes, (int)(position % Lanes), g, (int)(stop - position));
                g += stop - position;
                position = stop;
            }
        }

        done = Finish(lanes, ref sum, done, block);
        sum.AddZeros(Parts.BlocksOf(count) - done);
        return sum.Total();
    }

    /// <summary>The sum of a block behind those of the blocks without a row. The answer: blocks up to here.</summary>
    private static ulong Finish(double* lanes, ref PairwiseSum sum, ulong done, ulong block)
    {
        for (int h = Lanes / 2; h > 0; h /= 2)
        {
            for (int i = 0; i < h; i++)
                lanes[i] += lanes[i + h];
        }

        sum.AddZeros(block - done);
        sum.Add(new ReadOnlySpan<double>(lanes, 1));
        new Span<double>(lanes, Lanes).Clear();
        return block + 1;
    }

    private static void AddTo(double* lanes, int lane, float* g, int count)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i < count && (lane + i) % width != 0; i++)
            lanes[(lane + i) % Lanes] += (double)g[i] * g[i];
        for (; i + width <= count; i += width)
        {
            double* at = lanes + (lane + i) % Lanes;
            Vector.Widen(Vector.Load(g + i), out Vector<double> low, out Vector<double> high);
            (Vector.Load(at) + low * low).Store(at);
            (Vector.Load(at + Vector<double>.Count) + high * high).Store(at + Vector<double>.Count);
        }

        for (; i < count; i++)
            lanes[(lane + i) % Lanes] += (double)g[i] * g[i];
    }
}
