using System.Runtime.InteropServices;
using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>What random rounding is keyed by.</summary>
/// <param name="Seed">The user's.</param>
/// <param name="Step">Below 2^48. See <see cref="OfUpdate"/> and its neighbours.</param>
/// <param name="Tensor">The tensor's number.</param>
internal readonly record struct RandomKey(ulong Seed, ulong Step, ulong Tensor)
{
    private const int Bits = 46;
    private const ulong Most = (1ul << Bits) - 1;

    /// <summary>For what an update stores.</summary>
    /// <param name="count">Updates before it.</param>
    public static ulong OfUpdate(long count) => (ulong)count & Most;

    /// <summary>For averages that move without an update.</summary>
    /// <param name="moves">Moves before it.</param>
    public static ulong OfAverage(long moves) => ((ulong)moves & Most) | 1ul << Bits;

    /// <summary>For weights that are stored once more at the end of a call.</summary>
    /// <param name="calls">Calls, with it.</param>
    public static ulong OfCall(long calls) => ((ulong)calls & Most) | 2ul << Bits;
}

/// <summary>One stream into another, whatever their formats: for what is not done in every step.</summary>
internal static unsafe class StreamCopy
{
    /// <param name="backend">The kernels.</param>
    /// <param name="from">Read.</param>
    /// <param name="to">Written; of other memory.</param>
    /// <param name="count">Elements of both.</param>
    /// <param name="copy">Written too, where it is there: a copy of what goes to <paramref name="to"/>.</param>
    /// <param name="key">For a format that is rounded at random.</param>
    public static void Run(
        KernelBackend backend, Kept from, Kept to, ulong count, Kept copy = default, RandomKey key = default)
    {
        if (count == 0)
            return;
        if (!from.IsPacked && !to.IsPacked && !copy.IsThere)
        {
            from.CopyTo(to, count);
            return;
        }

        using Scratch scratch = new();
        NaPacking packing = new()
        {
            g = from.Packed,
            w = to.Packed,
            copy = copy.Packed,
            seed = key.Seed,
            step = key.Step,
            tensor = key.Tensor,
        };
        NaTensor tensor = new() { g = from.Floats, w = to.Floats, packing = &packing, count = count };
        NaScalars row = new StepScalars().ToNative();
        NaJob job = new()
        {
            kernels = backend.Kernels,
            rows = &row,
            row_count = 1,
            tensors = &tensor,
            tensor_count = 1,
            scratch = scratch.Floats,
            end = count,
        };
        Status.Check(backend.Copy(&job));
    }
}

/// <summary>What a job over packed streams works in, for one that is done alone.</summary>
internal readonly unsafe ref struct Scratch
{
    public Scratch()
    {
    }

    public float* Floats { get; } = (float*)NativeMemory.AlignedAlloc(
        NativeMethods.NA_SCRATCH * sizeof(float), AlignedMemory.Line);

    public void Dispose() => NativeMemory.AlignedFree(Floats);
}
