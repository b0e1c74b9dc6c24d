using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>
/// The least time that a step can take: a loop that reads and writes the same streams and computes next to nothing. It
/// leaves every value as it is.
/// </summary>
internal static unsafe class Roof
{
    public static void Plain(Streams s) => Run(s, prefetch: false);

    public static void Prefetching(Streams s) => Run(s, prefetch: true);

    private static void Run(Streams s, bool prefetch)
    {
        if (Vector512.IsHardwareAccelerated)
            Wide(s.W, s.G, s.M, s.V, (nuint)s.Count, prefetch);
        else
            Narrow(s.W, s.G, s.M, s.V, (nuint)s.Count, prefetch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(float* w, float* g, float* m, float* v, nuint count, bool prefetch)
    {
        Vector512<float> zero = Vector512<float>.Zero;
        nuint i = 0;
        for (; count - i >= 32; i += 32)
        {
            Vector512<float> w0 = Vector512.Load(w + i), w1 = Vector512.Load(w + i + 16);
            Vector512<float> g0 = zero * Vector512.Load(g + i), g1 = zero * Vector512.Load(g + i + 16);
            Vector512<float> m0 = Vector512.Load(m + i), m1 = Vector512.Load(m + i + 16);
            Vector512<float> v0 = Vector512.Load(v + i), v1 = Vector512.Load(v + i + 16);
            if (prefetch && Sse.IsSupported)
                Ahead(w + i, g + i, m + i, v + i);
            (w0 + g0).Store(w + i);
            (w1 + g1).Store(w + i + 16);
            (m0 + g0).Store(m + i);
            (m1 + g1).Store(m + i + 16);
            (v0 + g0).Store(v + i);
            (v1 + g1).Store(v + i + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(float* w, float* g, float* m, float* v, nuint count, bool prefetch)
    {
        Vector256<float> zero = Vector256<float>.Zero;
        nuint i = 0;
        for (; count - i >= 32; i += 32)
        {
            if (prefetch && Sse.IsSupported)
                Ahead(w + i, g + i, m + i, v + i);
            for (nuint j = i; j < i + 32; j += 8)
            {
                Vector256<float> wj = Vector256.Load(w + j), gj = zero * Vector256.Load(g + j);
                Vector256<float> mj = Vector256.Load(m + j), vj = Vector256.Load(v + j);
                (wj + gj).Store(w + j);
                (mj + gj).Store(m + j);
                (vj + gj).Store(v + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ahead(float* w, float* g, float* m, float* v)
    {
        for (nuint line = 256; line < 256 + 32; line += 16)
        {
            Sse.Prefetch0(w + line);
            Sse.Prefetch0(g + line);
            Sse.Prefetch0(m + line);
            Sse.Prefetch0(v + line);
        }
    }
}
