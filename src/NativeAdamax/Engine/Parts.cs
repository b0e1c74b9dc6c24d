using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// Cuts a list of tensors, seen as one long vector, into contiguous parts of equal size, one a thread. A cut falls on
/// a multiple of 64 elements of its tensor, so that every part starts on a cache line of the state.
/// </summary>
internal sealed unsafe class Parts : IDisposable
{
    private const ulong Grain = 64;

    private readonly AlignedMemory _memory;

    public Parts(int most)
    {
        Most = most;
        _memory = AlignedMemory.Allocate((nuint)most * (nuint)sizeof(NaJob));
    }

    public int Most { get; }

    public int Count { get; private set; }

    public NaJob* Jobs => (NaJob*)_memory.Pointer;

    /// <summary>Lays out at most parts jobs over tensors; fewer where there is less to do.</summary>
    public void Cut(KernelBackend backend, NaScalars* rows, ulong rowCount, NaTensor* tensors, int count, int parts)
    {
        ulong total = 0;
        for (int i = 0; i < count; i++)
            total += tensors[i].count;

        Count = 0;
        int tensor = 0;
        ulong start = 0, from = 0;
        for (int part = 1; part <= parts && from < total; part++)
        {
            int firstTensor = tensor;
            ulong firstStart = start;
            ulong to = part == parts ? total : total / (ulong)parts * (ulong)part;
            while (start + tensors[tensor].count < to)
                start += tensors[tensor++].count;
            to = start + Math.Min((to - start + Grain - 1) / Grain * Grain, tensors[tensor].count);
            if (to <= from)
                continue;

            Jobs[Count++] = new NaJob
            {
                kernels = backend.Kernels,
                rows = rows,
                row_count = rowCount,
                tensors = tensors + firstTensor,
                tensor_count = (ulong)(tensor - firstTensor + 1),
                begin = from - firstStart,
                end = to - firstStart,
            };
            from = to;
        }
    }

    public void Dispose() => _memory.Dispose();
}
