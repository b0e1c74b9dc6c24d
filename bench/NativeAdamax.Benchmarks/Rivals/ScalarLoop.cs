using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Rivals;

/// <summary>A plain loop over spans.</summary>
internal sealed class ScalarLoop : IAdamRival
{
    public static void Step(Streams s, AdamNumbers k)
    {
        Span<float> w = s.Weights, g = s.Gradient, m = s.First, v = s.Second;
        for (int i = 0; i < w.Length; i++)
        {
            m[i] = k.Beta1 * m[i] + (1 - k.Beta1) * g[i];
            v[i] = k.Beta2 * v[i] + (1 - k.Beta2) * g[i] * g[i];
            w[i] -= k.StepSize * m[i] / (MathF.Sqrt(v[i]) + k.Epsilon);
        }
    }
}
