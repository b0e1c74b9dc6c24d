using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>Whose memory a parameter stands over.</content>
public sealed unsafe partial class Parameter
{
    /// <summary>Zero weights and a zero gradient in memory of this library, aligned for the kernels.</summary>
    /// <param name="length">Number of weights; 0 or above.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static Parameter Create(long length, string? name = null)
    {
        CheckLength(length);
        if (length > nint.MaxValue / 64)
            throw new InsufficientMemoryException($"{length} weights and their gradient exceed the address space.");
        nuint bytes = AlignedMemory.RoundUp(checked((nuint)length * sizeof(float)), 4096);
        nuint stagger = AlignedMemory.StaggerOf(bytes);
        var owned = AlignedMemory.Allocate(checked(2 * bytes + stagger));
        byte* gradient = owned.Pointer + bytes + stagger;
        return new Parameter(name, Kept.Of((float*)owned.Pointer), length, Kept.Of((float*)gradient), owned);
    }

    /// <summary>A copy of initial weights, and a zero gradient, in memory of this library.</summary>
    /// <param name="initial">The weights to begin with.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static Parameter Create(ReadOnlySpan<float> initial, string? name = null)
    {
        Parameter parameter = Create(initial.Length, name);
        initial.CopyTo(parameter.Weights);
        return parameter;
    }

    /// <summary>The caller's arrays, pinned until <see cref="Dispose"/>.</summary>
    /// <param name="weights">The weights, which steps change in place.</param>
    /// <param name="gradient">Where the gradient will be at every step; null: it is handed over later.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <exception cref="ArgumentException">The lengths differ, or the two overlap.</exception>
    public static Parameter Over(float[] weights, float[]? gradient = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Over(weights.AsMemory(), gradient.AsMemory(), name);
    }

    /// <summary>The caller's arrays or other memory, pinned until <see cref="Dispose"/>.</summary>
    /// <param name="weights">The weights, which steps change in place.</param>
    /// <param name="gradient">Where the gradient will be at every step; empty: it is handed over later.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the two overlap.</exception>
    public static Parameter Over(Memory<float> weights, Memory<float> gradient = default, string? name = null)
    {
        if (!gradient.IsEmpty)
            CheckSameLength(weights.Length, gradient.Length);
        MemoryHandle pinnedWeights = weights.Pin();
        MemoryHandle pinnedGradient = gradient.IsEmpty ? default : gradient.Pin();
        return Pinned(pinnedWeights, weights.Length, pinnedGradient, name);
    }

    /// <summary>A dense tensor of the caller, pinned until <see cref="Dispose"/>.</summary>
    /// <param name="weights">The weights, which steps change in place.</param>
    /// <param name="gradient">Where the gradient will be at every step; null: it is handed over later.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <exception cref="ArgumentException">A tensor is not dense, or the lengths differ, or the two overlap.</exception>
    public static Parameter Over(Tensor<float> weights, Tensor<float>? gradient = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        CheckDense(weights, nameof(weights));
        if (gradient is not null)
        {
            CheckDense(gradient, nameof(gradient));
            CheckSameLength(weights.FlattenedLength, gradient.FlattenedLength);
        }

        return Pinned(Pin(weights), weights.FlattenedLength, gradient is null ? default : Pin(gradient), name);
    }

    /// <summary>
    /// Memory of somebody else: of TorchSharp, of ONNX Runtime, of a mapped file. It must stay where it is until
    /// <see cref="Dispose"/>.
    /// </summary>
    /// <param name="weights">The first weight, aligned to 4 bytes.</param>
    /// <param name="length">Number of weights; 0 or above, also above 2^31.</param>
    /// <param name="gradient">Where the gradient will be at every step; null: it is handed over later.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="ArgumentException">A pointer is not aligned to 4 bytes, or the two overlap.</exception>
    public static Parameter Over(float* weights, long length, float* gradient = null, string? name = null)
    {
        CheckLength(length);
        if (weights is null && length > 0)
            throw new ArgumentNullException(nameof(weights));
        CheckAlignment(Kept.Of(weights), nameof(weights));
        CheckAlignment(Kept.Of(gradient), nameof(gradient));
        CheckOverlap(Kept.Of(weights), default, Kept.Of(gradient), length);
        return new Parameter(name, Kept.Of(weights), length, Kept.Of(gradient));
    }

    private static Parameter Pinned(MemoryHandle weights, long length, MemoryHandle gradient, string? name)
    {
        try
        {
            Parameter parameter = Over((float*)weights.Pointer, length, (float*)gradient.Pointer, name);
            (parameter._pinnedWeights, parameter._pinnedGradient) = (weights, gradient);
            return parameter;
        }
        catch
        {
            weights.Dispose();
            gradient.Dispose();
            throw;
        }
    }

    /// <summary>A slice's handle points at the start of what it was cut from; its span begins where the slice does.</summary>
    private static MemoryHandle Pin(Tensor<float> tensor)
    {
        MemoryHandle handle = tensor.GetPinnedHandle();
        float* start = (float*)Unsafe.AsPointer(ref tensor.AsTensorSpan().GetPinnableReference());
        return new MemoryHandle(start, pinnable: new Unpinner(handle));
    }

    private sealed class Unpinner(MemoryHandle handle) : IPinnable
    {
        public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException();

        public void Unpin() => handle.Dispose();
    }

    private static void CheckDense(Tensor<float> tensor, string name)
    {
        if (!tensor.IsDense)
            throw new ArgumentException($"Tensor {name} must be dense: its elements must follow one another.", name);
    }

    private static void CheckLength(long length)
    {
        if (length < 0)
            throw Check.OutOfRange(length, nameof(length), "0 or above");
    }
}
