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
        for (nuint i = 0; count > whole && i < Lanes; ++i)
            rest[i] = i < count - whole ? g[whole + i] : 0;

        // Eight sums in registers: four vectors of floats, or two where those are all lanes. Narrow vectors go over the
        // block, which is in cache by then, again.
        int width = Vector<double>.Count;
        int step = int.Min(8 * width, Lanes);
        for (int lane = 0; lane < Lanes; lane += step)
        {
            Vector<double> s0 = Vector<double>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            for (nuint i = 0; i < count; i += Lanes)
            {
                float* at = (i < whole ? g + i : rest) + lane;
                AddTwo(at, ref s0, ref s1, ref s2, ref s3);
                if (8 * width <= Lanes)
                    AddTwo(at + 4 * width, ref s4, ref s5, ref s6, ref s7);
            }

            StoreFour(sums + lane, s0, s1, s2, s3);
            if (8 * width <= Lanes)
                StoreFour(sums + lane + 4 * width, s4, s5, s6, s7);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(
        double* p, Vector<double> s0, Vector<double> s1, Vector<double> s2, Vector<double> s3)
    {
        s0.Store(p);
        s1.Store(p + Vector<double>.Count);
        s2.Store(p + 2 * Vector<double>.Count);
        s3.Store(p + 3 * Vector<double>.Count);
    }
}
