using System.Numerics.Tensors;
using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Rivals;

/// <summary><see cref="TensorPrimitives"/> in several passes over scratch memory that is kept.</summary>
internal sealed class Primitives : IAdamRival
{
    [ThreadStatic]
    private static float[]? scratch;

    public static void Step(Streams s, AdamNumbers k)
    {
        if (scratch?.Length != s.Count)
            scratch = new float[s.Count];
        Span<float> t = scratch;
        TensorPrimitives.Multiply(s.Gradient, 1 - k.Beta1, t);
        TensorPrimitives.MultiplyAdd(s.First, k.Beta1, t, s.First);
        TensorPrimitives.Multiply(s.Gradient, s.Gradient, t);
        TensorPrimitives.Multiply(t, 1 - k.Beta2, t);
        TensorPrimitives.MultiplyAdd(s.Second, k.Beta2, t, s.Second);
        TensorPrimitives.Sqrt(s.Second, t);
        TensorPrimitives.Add(t, k.Epsilon, t);
        TensorPrimitives.Divide(s.First, t, t);
        TensorPrimitives.MultiplyAdd(t, -k.StepSize, s.Weights, s.Weights);
    }
}
