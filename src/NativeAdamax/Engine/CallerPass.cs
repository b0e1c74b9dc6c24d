using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// A fused op over tensors all of whose streams are the caller's, moments too, each with a row of scalars of its own:
/// the step of the calling styles whose users hold the state.
/// </summary>
internal sealed unsafe class CallerPass(KernelBackend backend, int threads) : IDisposable
{
    private readonly Parts _parts = new(threads);
    private readonly PartRunner _runner = new(threads);
    private AlignedMemory _memory = AlignedMemory.Allocate(0);
    private NaPacking* _packings;
    private NaScalars* _rows;
    private int _room;

    public NaTensor* Tensors => (NaTensor*)_memory.Pointer;

    public int Count { get; private set; }

    /// <summary>Empties the list, and makes room for so many tensors.</summary>
    public void Begin(int most)
    {
        Count = 0;
        if (most <= _room)
            return;
        nuint tensors = AlignedMemory.RoundUp((nuint)most * (nuint)sizeof(NaTensor), AlignedMemory.Line);
        nuint scalars = (nuint)most * (nuint)sizeof(NaScalars);
        _memory.Dispose();
        _memory = AlignedMemory.Allocate(tensors + scalars + (nuint)most * (nuint)sizeof(NaPacking));
        _rows = (NaScalars*)(_memory.Pointer + tensors);
        _packings = (NaPacking*)(_memory.Pointer + tensors + scalars);
        _room = most;
    }

    public void Add(NaTensor tensor)
    {
        Tensors[Count] = tensor with { row = (uint)Count };
        Count++;
    }

    /// <summary>The same with a gradient of any format, and with a copy of the weights where that is there.</summary>
    public void Add(NaTensor tensor, Kept gradient, Kept copy)
    {
        tensor.g = gradient.Floats;
        if (gradient.IsPacked || copy.IsThere)
        {
            _packings[Count] = new NaPacking { g = gradient.Packed, copy = copy.Packed };
            tensor.packing = _packings + Count;
        }

        Add(tensor);
    }

    public void SetRow(int tensor, StepScalars row) => _rows[tensor] = row.ToNative();

    /// <summary>Runs the op over the list, each tensor with the row that was set for it.</summary>
    public void Run(KernelOp op)
    {
        _parts.Cut(backend, _rows, (ulong)Count, Tensors, Count, PartCount());
        Status.Check(_runner.Run(backend, op, _parts));
    }

    /// <summary>The sum of squares of all g streams, as an optimizer's norm pass has it.</summary>
    public double SumOfSquares()
    {
        TensorSlot[] slots = new TensorSlot[Count];
        for (int i = 0; i < Count; i++)
            slots[i] = new TensorSlot("", null, Tensors[i].count);
        using NormPass norms = new(slots, threads);
        norms.Run(backend, _runner, Tensors, Count, PartCount());
        return norms.Total;
    }

    /// <summary>
    /// Threads would write the same memory, or write what another one reads. Gradients may share theirs with each
    /// other.
    /// </summary>
    /// <exception cref="ArgumentException">Streams of the list overlap, or one is not aligned.</exception>
    public void RefuseSharedMemory()
    {
        List<(nuint Start, nuint End, bool IsGradient)> ranges = new(5 * Count);
        for (int i = 0; i < Count; i++)
        {
            NaTensor* t = Tensors + i;
            if (t->count == 0)
                continue;
            foreach (StreamPlace place in (ReadOnlySpan<StreamPlace>)
                [StreamPlace.G, StreamPlace.W, StreamPlace.M, StreamPlace.V, StreamPlace.Copy])
            {
                Kept kept = TensorList.At(t, place);
                if (!kept.IsThere)
                    continue;
                nuint size = kept.IsPacked ? sizeof(ushort) : (nuint)sizeof(float), start = (nuint)kept.Data;
                if (start % size != 0)
                    throw new ArgumentException($"Memory of tensor {i} is not aligned to {size} bytes.");
                ranges.Add((start, start + StreamFormat.DataBytes(kept.Format, t->count), place == StreamPlace.G));
            }
        }

        ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        nuint written = 0, read = 0;
        foreach ((nuint start, nuint end, bool isGradient) in ranges)
        {
            if (start < written || (start < read && !isGradient))
                throw new ArgumentException("Weights, gradients or states share memory.");
            if (isGradient)
                read = nuint.Max(read, end);
            else
                written = end;
        }
    }

    public void Dispose()
    {
        _memory.Dispose();
        _parts.Dispose();
        _runner.Dispose();
    }

    private int PartCount()
    {
        ulong elements = 0;
        for (int i = 0; i < Count; i++)
            elements += Tensors[i].count;
        return (int)Math.Clamp(elements / UpdateEngine.FewestPerThread, 1, (ulong)threads);
    }
}
