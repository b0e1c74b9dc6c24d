using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>
/// The sum of g * g over at most NA_SUM_BLOCK elements, in 32 lanes of double that do not depend on the vector's width:
/// element i adds to lane i % 32, and the lanes are added as a tree. The product of two widened floats is exact.
/// </summary>
internal static unsafe class SumSquaresKernel
{
    private const int Lanes = 32;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static double Block(float* g, nuint count)
    {
        double* sums = stackalloc double[Lanes];
        float* rest = stackalloc float[Lanes];
        nuint whole = count - count % Lanes;
        for (int i = 0; i < Lanes; ++i)
            rest[i] = (nuint)i < count - whole ? g[whole + (nuint)i] : 0;

        // Two vectors of floats are four sums in registers; narrow vectors go over the block, which is in cache, again.
        int step = int.Min(2 * Vector<float>.Count, Lanes);
        for (int lane = 0; lane < Lanes; lane += step)
        {
            Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (nuint i = 0; i < whole; i += Lanes)
                AddTwo(g + i + lane, ref s0, ref s1, ref s2, ref s3);
            AddTwo(rest + lane, ref s0, ref s1, ref s2, ref s3);
            int width = Vector<double>.Count;
            s0.Store(sums + lane);
            s1.Store(sums + lane + width);
            s2.Store(sums + lane + 2 * width);
            s3.Store(sums + lane + 3 * width);
        }

        for (int h = Lanes / 2; h > 0; h /= 2)
        {
            for (int i = 0; i < h; ++i)
                sums[i] += sums[i + h];
        }

        return sums[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwo(
        float* g, ref Vector<double> s0, ref Vector<double> s1, ref Vector<double> s2, ref Vector<double> s3)
    {
        Vector.Widen(Words.Load(g, Words.Lanes), out Vector<double> a, out Vector<double> b);
        Vector.Widen(Words.Load(g + Vector<float>.Count, Words.Lanes), out Vector<double> c, out Vector<double> d);
        s0 += a * a;
        s1 += b * b;
        s2 += c * c;
        s3 += d * d;
    }
}
