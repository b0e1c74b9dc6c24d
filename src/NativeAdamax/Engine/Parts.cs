using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// Cuts a list of tensors, seen as one long vector, into contiguous parts of equal size, one a thread. A cut falls on
/// a multiple of a grain of elements of its tensor.
/// </summary>
internal sealed unsafe class Parts : IDisposable
{
    /// <summary>Parts of a step start on a cache line of the state.</summary>
    public const ulong StepGrain = 64;

    /// <summary>Parts of a sum of squares start on a block of it.</summary>
    public const ulong SumGrain = NativeMethods.NA_SUM_BLOCK;

    private readonly AlignedMemory _memory;
    private readonly ulong[] _firstBlocks;

    public Parts(int most)
    {
        Most = most;
        _firstBlocks = new ulong[most];
        _memory = AlignedMemory.Allocate((nuint)most * (nuint)sizeof(NaJob));
    }

    public int Most { get; }

    public int Count { get; private set; }

    /// <summary>Where sums of squares go, one a block of the list; null for a list that is not summed.</summary>
    public double* Sums { get; init; }

    public ulong SumCapacity { get; init; }

    public NaJob* Jobs => (NaJob*)_memory.Pointer;

    /// <summary>Where a part's first block of <see cref="SumGrain"/> elements stands among those of the list.</summary>
    public ulong FirstBlock(int part) => _firstBlocks[part];

    public static ulong BlocksOf(ulong elements) => (elements + SumGrain - 1) / SumGrain;

    /// <summary>Lays out at most parts jobs over tensors; fewer where there is less to do.</summary>
    public void Cut(
        KernelBackend backend,
        NaScalars* rows,
        ulong rowCount,
        NaTensor* tensors,
        int count,
        int parts,
        ulong grain = StepGrain)
    {
        ulong total = 0;
        for (int i = 0; i < count; i++)
            total += tensors[i].count;

        Count = 0;
        if (parts == 1 && total > 0)
        {
            _firstBlocks[0] = 0;
            Jobs[Count++] = new NaJob
            {
                kernels = backend.Kernels,
                rows = rows,
                row_count = rowCount,
                tensors = tensors,
                tensor_count = (ulong)count,
                end = total,
            };
            return;
        }

        int tensor = 0;
        ulong start = 0, from = 0, blocks = 0;
        for (int part = 1; part <= parts && from < total; part++)
        {
            int firstTensor = tensor;
            ulong firstStart = start;
            _firstBlocks[Count] = blocks + BlocksOf(from - firstStart);
            ulong to = part == parts ? total : total / (ulong)parts * (ulong)part;
            while (start + tensors[tensor].count < to)
            {
                blocks += BlocksOf(tensors[tensor].count);
                start += tensors[tensor++].count;
            }

            to = start + Math.Min((to - start + grain - 1) / grain * grain, tensors[tensor].count);
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
