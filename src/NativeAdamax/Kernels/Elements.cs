using System.Numerics;

namespace NativeAdamax.Kernels;

/// <summary>One vector of every stream that a step reads.</summary>
internal struct Elements
{
    public Vector<float> W, G, M, V, X, A;
}
