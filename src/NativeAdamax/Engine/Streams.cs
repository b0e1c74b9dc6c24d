namespace NativeAdamax.Engine;

/// <summary>
/// State of all tensors of a list in one arena: stream by stream, each tensor's part on a cache line of its own, and
/// the streams staggered against each other.
/// </summary>
internal sealed unsafe class Streams : IDisposable
{
    private readonly AlignedMemory _memory;
    private readonly nuint[] _starts;
    private readonly nuint _distance;

    /// <exception cref="OutOfMemoryException">The state does not fit the memory or the address space.</exception>
    public Streams(IReadOnlyList<TensorSlot> tensors, int streams)
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
            _memory = AlignedMemory.Allocate(checked(_distance * (nuint)streams));
        }
        catch (OverflowException e)
        {
            throw new InsufficientMemoryException("The state of the parameters exceeds the address space.", e);
        }
    }

    public float* Of(int stream, int tensor) => (float*)(_memory.Pointer + (nuint)stream * _distance + _starts[tensor]);

    public void Dispose() => _memory.Dispose();
}
