using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>Runs one op over rows of tensors, thousands of them in one job.</summary>
internal sealed unsafe class RowJobs : IDisposable
{
    private const int Capacity = 4096;

    private readonly KernelBackend _backend;
    private readonly PartRunner _runner;
    private readonly Parts _parts;
    private AlignedMemory? _memory;
    private readonly ulong _fewestPerThread;
    private KernelOp _op;
    private NaScalars* _scalars;
    private int _scalarCount;
    private int _count;
    private ulong _work;

    private NaTensor* Tensors => (NaTensor*)_memory!.Pointer;

    public RowJobs(KernelBackend backend, PartRunner runner, int threads, ulong fewestPerThread)
    {
        _backend = backend;
        _runner = runner;
        _parts = new Parts(threads);
        _fewestPerThread = fewestPerThread;
    }

    /// <summary>Makes room, before the first row.</summary>
    public void Reserve() => _memory ??= AlignedMemory.Allocate(Capacity * (nuint)sizeof(NaTensor));

    /// <summary>What the rows added from here on go through.</summary>
    public void Begin(KernelOp op, NaScalars* scalars, int scalarCount)
    {
        _op = op;
        _scalars = scalars;
        _scalarCount = scalarCount;
    }

    /// <summary>Adds neighbouring rows of a tensor.</summary>
    /// <param name="tensor">The whole tensor, but for g, which is that of these rows.</param>
    /// <param name="row">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="width">Elements of each.</param>
    public void Add(in NaTensor tensor, long row, long rows, int width)
    {
        if (_count == Capacity)
            End();
        NaTensor* part = Tensors + _count++;
        *part = tensor;
        part->w += row * width;
        part->m += row * width;
        part->v += row * width;
        part->x = part->x is null ? null : part->x + row * width;
        part->count = (ulong)(rows * width);
        _work += part->count * Math.Max(part->steps, 1);
    }

    /// <summary>Does what was added.</summary>
    public void End()
    {
        if (_count == 0)
            return;
        int threads = (int)Math.Clamp(_work / _fewestPerThread, 1, (ulong)_parts.Most);
        _parts.Cut(_backend, _scalars, (ulong)_scalarCount, Tensors, _count, threads);
        Status.Check(_runner.Run(_backend, _op, _parts));
        _count = 0;
        _work = 0;
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _parts.Dispose();
    }
}
