using System.Numerics.Tensors;
using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Rivals;

/// <summary>
/// As tensor libraries do it that have no fused step: a pass an operation, and a new tensor for each result that is not
/// in place. Theirs are written in C++; the passes over memory are what counts beyond the caches.
/// </summary>
internal sealed class OpByOp : IAdamRival
{
    public static void Step(Streams s, AdamNumbers k)
    {
        TensorPrimitives.Multiply(s.First, k.Beta1, s.First); // m.mul_(beta1).add_(g, alpha: 1 - beta1)
        TensorPrimitives.MultiplyAdd(s.Gradient, 1 - k.Beta1, s.First, s.First);
        TensorPrimitives.Multiply(s.Second, k.Beta2, s.Second); // v.mul_(beta2).addcmul_(g, g, 1 - beta2)
        float[] squares = new float[s.Count];
        TensorPrimitives.Multiply(s.Gradient, s.Gradient, squares);
        TensorPrimitives.MultiplyAdd(squares, 1 - k.Beta2, s.Second, s.Second);
        float[] root = new float[s.Count]; // v.sqrt()
        TensorPrimitives.Sqrt(s.Second, root);
        float[] denominator = new float[s.Count]; // root / correction + epsilon
        TensorPrimitives.Divide(root, 1f, denominator);
        TensorPrimitives.Add(denominator, k.Epsilon, denominator);
        TensorPrimitives.Divide(s.First, denominator, denominator); // w.addcdiv_(m, denominator, -step)
        TensorPrimitives.MultiplyAdd(denominator, -k.StepSize, s.Weights, s.Weights);
    }
}
