namespace NativeAdamax.Engine;

/// <summary>
/// State of all tensors of a list in one arena: stream by stream, each tensor's part on a cache line of its own, and
/// the streams staggered against each other.
/// </summary>
internal sealed unsafe class Streams : IDisposable
{
    private readonly IStateMemory _memory;
    private readonly nuint[] _starts;
    private readonly nuint _distance;

    /// <param name="tensors">Whose state it is.</param>
    /// <param name="streams">Numbers of each of their elements.</param>
    /// <param name="folder">Where a file has it; null: memory.</param>
    /// <exception cref="OutOfMemoryException">The state does not fit the memory or the address space.</exception>
    /// <exception cref="IOException">The file cannot be made, or the disk is full.</exception>
    public Streams(IReadOnlyList<TensorSlot> tensors, int streams, string? folder = null)
    {
        _starts = new nuint[tensors.Count];
        nuint bytes = 0;
        try
        {
            for (int i = 0; i < tensors.Count; i++)
            {
                _starts[i] = bytes;
                nuint own = checked((nuint)tensors[i].Count * sizeof(float));
                bytes = checked(bytes + AlignedMemory.RoundUp(own, AlignedMemory.Line));
            }

            _distance = checked(AlignedMemory.RoundUp(bytes, 4096) + AlignedMemory.Stagger);
            nuint all = checked(_distance * (nuint)streams);
            _memory = folder is null ? AlignedMemory.Allocate(all) : new MappedMemory(folder, all);
        }
        catch (OverflowException e)
        {
            throw new InsufficientMemoryException("The state of the parameters exceeds the address space.", e);
        }
    }

    public float* Of(int stream, int tensor) => (float*)(_memory.Pointer + (nuint)stream * _distance + _starts[tensor]);

    public void Dispose() => _memory.Dispose();
}
