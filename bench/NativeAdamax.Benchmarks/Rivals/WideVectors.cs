using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Rivals;

/// <summary>A loop of <see cref="Vector512"/>, one vector at a time; lengths are multiples of 16.</summary>
internal sealed unsafe class WideVectors : IAdamRival
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(Streams s, AdamNumbers k)
    {
        float* w = s.W, g = s.G, m = s.M, v = s.V;
        Vector512<float> c1 = Vector512.Create(1 - k.Beta1), c2 = Vector512.Create(1 - k.Beta2);
        Vector512<float> step = Vector512.Create(k.StepSize), epsilon = Vector512.Create(k.Epsilon);
        for (nuint i = 0; i < (nuint)s.Count; i += 16)
        {
            Vector512<float> gi = Vector512.Load(g + i), mi = Vector512.Load(m + i), vi = Vector512.Load(v + i);
            mi += c1 * (gi - mi);
            vi += c2 * (gi * gi - vi);
            Vector512<float> wi = Vector512.Load(w + i) - step * (mi / (Vector512.Sqrt(vi) + epsilon));
            mi.Store(m + i);
            vi.Store(v + i);
            wi.Store(w + i);
        }
    }
}
