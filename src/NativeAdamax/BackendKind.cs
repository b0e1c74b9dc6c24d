namespace NativeAdamax;

/// <summary>Who does the arithmetic. Both give the same bits.</summary>
public enum BackendKind
{
    /// <summary>The C kernels of the native library.</summary>
    Native = 0,

    /// <summary>The kernels over <see cref="System.Numerics.Vector{T}"/>.</summary>
    Managed = 1,
}
