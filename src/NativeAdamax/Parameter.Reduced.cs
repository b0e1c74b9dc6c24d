using System.Buffers;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax;

/// <content>Weights that a model reads in 16 bits.</content>
public sealed unsafe partial class Parameter
{
    /// <summary>The caller's arrays in bfloat16, pinned until <see cref="Dispose"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <inheritdoc cref="Over(Memory{BFloat16}, Memory{BFloat16}, MasterWeights, string?)"/>
    public static Parameter Over(
        BFloat16[] weights, BFloat16[]? gradient = null, MasterWeights master = MasterWeights.Rest16, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Over(weights.AsMemory(), gradient.AsMemory(), master, name);
    }

    /// <summary>The caller's arrays or other memory in bfloat16, pinned until <see cref="Dispose"/>.</summary>
    /// <param name="weights">The weights that the model reads, which steps change in place.</param>
    /// <param name="gradient">Where the gradient will be at every step; empty: it is handed over later, in any type.</param>
    /// <param name="master">What is kept beside the weights; at first they are exact.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the two overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="master"/> is not one of the enumeration.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for what is kept beside them.</exception>
    public static Parameter Over(
        Memory<BFloat16> weights, Memory<BFloat16> gradient = default, MasterWeights master = MasterWeights.Rest16,
        string? name = null)
    {
        if (!gradient.IsEmpty)
            CheckSameLength(weights.Length, gradient.Length);
        return Pinned(
            NativeMethods.NA_BF16, weights.Pin(), weights.Length, gradient.IsEmpty ? default : gradient.Pin(), master, name);
    }

    /// <summary>
    /// Memory of somebody else in bfloat16: of TorchSharp, of ONNX Runtime, of a mapped file. It must stay where it is until
    /// <see cref="Dispose"/>.
    /// </summary>
    /// <param name="weights">The first weight that the model reads, aligned to 2 bytes.</param>
    /// <param name="length">Number of weights; 0 or above, also above 2^31.</param>
    /// <param name="gradient">Where the gradient will be at every step; null: it is handed over later, in any type.</param>
    /// <param name="master">What is kept beside the weights; at first they are exact.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="length"/> is negative, or <paramref name="master"/> is not one of the enumeration.
    /// </exception>
    /// <exception cref="ArgumentException">A pointer is not aligned to 2 bytes, or the two overlap.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for what is kept beside them.</exception>
    public static Parameter Over(
        BFloat16* weights, long length, BFloat16* gradient = null, MasterWeights master = MasterWeights.Rest16,
        string? name = null) => OverPointers(NativeMethods.NA_BF16, weights, length, gradient, master, name);

    /// <summary>The caller's arrays in binary16, pinned until <see cref="Dispose"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <inheritdoc cref="Over(Memory{Half}, Memory{Half}, MasterWeights, string?)"/>
    public static Parameter Over(
        Half[] weights, Half[]? gradient = null, MasterWeights master = MasterWeights.Float32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Over(weights.AsMemory(), gradient.AsMemory(), master, name);
    }

    /// <summary>The caller's arrays or other memory in binary16, pinned until <see cref="Dispose"/>.</summary>
    /// <param name="weights">The weights that the model reads, which steps change in place.</param>
    /// <param name="gradient">Where the gradient will be at every step; empty: it is handed over later, in any type.</param>
    /// <param name="master"><see cref="MasterWeights.Float32"/>: of binary16 there is no other.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or the two overlap, or <paramref name="master"/> is another: the exponent of binary16 has 5 bits,
    /// so that it is not the upper half of a float32, and steps of training are often below its smallest numbers.
    /// </exception>
    /// <exception cref="OutOfMemoryException">There is no memory for the float32 weights.</exception>
    public static Parameter Over(
        Memory<Half> weights, Memory<Half> gradient = default, MasterWeights master = MasterWeights.Float32,
        string? name = null)
    {
        if (!gradient.IsEmpty)
            CheckSameLength(weights.Length, gradient.Length);
        return Pinned(
            NativeMethods.NA_F16, weights.Pin(), weights.Length, gradient.IsEmpty ? default : gradient.Pin(), master, name);
    }

    /// <summary>Memory of somebody else in binary16. It must stay where it is until <see cref="Dispose"/>.</summary>
    /// <param name="weights">The first weight that the model reads, aligned to 2 bytes.</param>
    /// <param name="length">Number of weights; 0 or above, also above 2^31.</param>
    /// <param name="gradient">Where the gradient will be at every step; null: it is handed over later, in any type.</param>
    /// <param name="master"><see cref="MasterWeights.Float32"/>: of binary16 there is no other.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="ArgumentException">
    /// A pointer is not aligned to 2 bytes, or the two overlap, or <paramref name="master"/> is another.
    /// </exception>
    /// <exception cref="OutOfMemoryException">There is no memory for the float32 weights.</exception>
    public static Parameter Over(
        Half* weights, long length, Half* gradient = null, MasterWeights master = MasterWeights.Float32,
        string? name = null) => OverPointers(NativeMethods.NA_F16, weights, length, gradient, master, name);

    /// <summary>Zero weights and a zero gradient in bfloat16, in memory of this library, aligned for the kernels.</summary>
    /// <param name="length">Number of weights; 0 or above.</param>
    /// <param name="master">What is kept beside the weights.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="length"/> is negative, or <paramref name="master"/> is not one of the enumeration.
    /// </exception>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static Parameter CreateBFloat16(
        long length, MasterWeights master = MasterWeights.Rest16, string? name = null) =>
        Create(NativeMethods.NA_BF16, length, master, name);

    /// <summary>
    /// Zero weights and a zero gradient in binary16, and the weights in float32 beside them, in memory of this library,
    /// aligned for the kernels.
    /// </summary>
    /// <param name="length">Number of weights; 0 or above.</param>
    /// <param name="name">For messages and files; null for a running number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public static Parameter CreateHalf(long length, string? name = null) =>
        Create(NativeMethods.NA_F16, length, MasterWeights.Float32, name);

    private static Parameter Create(uint type, long length, MasterWeights master, string? name)
    {
        CheckLength(length);
        Check.Defined(master, nameof(master));
        if (length > nint.MaxValue / 64)
            throw new InsufficientMemoryException($"{length} weights and their gradient exceed the address space.");
        nuint model = AlignedMemory.RoundUp((nuint)length * sizeof(ushort), 4096);
        model += AlignedMemory.StaggerOf(model);
        var owned = AlignedMemory.Allocate(2 * model + BytesBeside(master, length));
        Kept read = new(type, owned.Pointer), gradient = new(type, owned.Pointer + model);
        (Kept weights, Kept copy) = Layout(read, master, owned.Pointer + 2 * model);
        return new Parameter(name, weights, length, gradient, owned, copy);
    }

    private static Parameter OverPointers(
        uint type, void* weights, long length, void* gradient, MasterWeights master, string? name)
    {
        CheckLength(length);
        if (weights is null && length > 0)
            throw new ArgumentNullException(nameof(weights));
        return Over(new Kept(type, weights), length, new Kept(type, gradient), master, name);
    }

    private static Parameter Pinned(
        uint type, MemoryHandle weights, long length, MemoryHandle gradient, MasterWeights master, string? name)
    {
        try
        {
            Parameter parameter = Over(
                new Kept(type, weights.Pointer), length, new Kept(type, gradient.Pointer), master, name);
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

    private static Parameter Over(Kept read, long length, Kept gradient, MasterWeights master, string? name)
    {
        Check.Defined(master, nameof(master));
        if (read.Format == NativeMethods.NA_F16 && master != MasterWeights.Float32)
        {
            throw new ArgumentException(
                $"Weights in binary16 cannot have {nameof(MasterWeights)}.{master} beside them, only "
                + $"{nameof(MasterWeights.Float32)}: binary16 is not the upper half of a float32, and the steps of training "
                + "are often below its smallest numbers.",
                nameof(master));
        }

        if (length > nint.MaxValue / 8)
            throw new InsufficientMemoryException($"{length} weights and what is kept beside them exceed the address space.");
        CheckAlignment(read, "weights");
        CheckAlignment(gradient, nameof(gradient));
        CheckOverlap(read, default, gradient, length);
        nuint bytes = BytesBeside(master, length);
        AlignedMemory? owned = bytes > 0 ? AlignedMemory.Allocate(bytes) : null;
        (Kept weights, Kept copy) = Layout(read, master, owned is null ? null : owned.Pointer);
        Parameter parameter = new(name, weights, length, gradient.IsThere ? gradient : default, owned, copy);
        parameter.ReadModelWeights();
        return parameter;
    }

    /// <summary>What a step changes, and what it copies that to, of weights that the model reads.</summary>
    private static (Kept Weights, Kept Copy) Layout(Kept read, MasterWeights master, void* beside) => master switch
    {
        MasterWeights.Rest16 => (new Kept(NativeMethods.NA_BF16_REST16, read.Data, beside), default),
        MasterWeights.Rest8 => (new Kept(NativeMethods.NA_BF16_REST8, read.Data, beside), default),
        MasterWeights.None => (new Kept(NativeMethods.NA_BF16_RANDOM, read.Data), default),
        _ => (Kept.Of((float*)beside), read),
    };

    private static nuint BytesBeside(MasterWeights master, long length) => checked((nuint)length * master switch
    {
        MasterWeights.Float32 => sizeof(float),
        MasterWeights.Rest16 => sizeof(short),
        MasterWeights.Rest8 => (nuint)sizeof(sbyte),
        _ => 0,
    });
}
