namespace NativeAdamax.Engine;

/// <summary>
/// State of all tensors of a list in one arena: stream by stream, each tensor's part on a cache line of its own, and
/// the streams staggered against each other.
/// </summary>
internal sealed unsafe class Streams : IDisposable
{
    /// <summary>Weights and gradients have memory of their own, which begins as this does: theirs are the first places.</summary>
    private const int RowsBefore = 2;

    private readonly IStateMemory _memory;
    private readonly Kept[]?[] _kept = new Kept[]?[(int)StreamPlace.Copy + 1];

    /// <param name="tensors">Whose state it is.</param>
    /// <param name="places">Which streams.</param>
    /// <param name="formatOf">How a stream of a tensor of so many elements is kept; null: as floats.</param>
    /// <param name="folder">Where a file has it; null: memory.</param>
    /// <exception cref="OutOfMemoryException">The state does not fit the memory or the address space.</exception>
    /// <exception cref="IOException">The file cannot be made, or the disk is full.</exception>
    public Streams(
        IReadOnlyList<TensorSlot> tensors, ReadOnlySpan<StreamPlace> places,
        Func<StreamPlace, ulong, uint>? formatOf = null, string? folder = null)
    {
        nuint end = 0;
        int rows = RowsBefore;
        try
        {
            nuint stagger = AlignedMemory.StaggerOf(BytesOf(tensors));
            foreach (StreamPlace place in places)
            {
                // Offsets first; they become addresses when there is memory.
                Kept[] kept = _kept[(int)place] = new Kept[tensors.Count];
                nuint at = Row(rows++, end, stagger);
                for (int i = 0; i < kept.Length; i++)
                {
                    uint format = formatOf?.Invoke(place, tensors[i].Count) ?? StreamFormat.Float32;
                    kept[i] = new Kept(format, (void*)at, book: BookOf(format, place));
                    at = Behind(at, StreamFormat.DataBytes(format, tensors[i].Count));
                }

                end = at;
                at = Row(rows, end, stagger);
                for (int i = 0; i < kept.Length; i++)
                {
                    nuint bytes = StreamFormat.BesideBytes(kept[i].Format, tensors[i].Count);
                    if (bytes == 0)
                        continue;
                    kept[i] = new Kept(kept[i].Format, kept[i].Data, (void*)at, kept[i].Book);
                    end = at = Behind(at, bytes);
                }
            }

            _memory = folder is null ? AlignedMemory.Allocate(end) : new MappedMemory(folder, end);
        }
        catch (OverflowException e)
        {
            throw new InsufficientMemoryException("The state of the parameters exceeds the address space.", e);
        }

        foreach (StreamPlace place in places)
        {
            for (int i = 0; i < tensors.Count; i++)
                Settle(ref _kept[(int)place]![i], place, tensors[i].Count);
        }
    }

    /// <summary>A stream of a tensor, zeros at first; without data where the stream is not here.</summary>
    public Kept Of(StreamPlace place, int tensor) => _kept[(int)place] is { } kept ? kept[tensor] : default;

    public void Dispose() => _memory.Dispose();

    private static nuint Row(int row, nuint end, nuint stagger) =>
        checked(AlignedMemory.RoundUp(end, 4096) + (nuint)row * stagger);

    /// <summary>Of a stream of floats.</summary>
    private static nuint BytesOf(IReadOnlyList<TensorSlot> tensors)
    {
        nuint bytes = 0;
        for (int i = 0; i < tensors.Count; i++)
            bytes = checked(bytes + (nuint)tensors[i].Count * sizeof(float));
        return bytes;
    }

    private static float* BookOf(uint format, StreamPlace place) =>
        StreamFormat.BookOf(format, place) is { } book ? book.Pointer : null;

    private static nuint Behind(nuint start, nuint bytes) =>
        checked(start + AlignedMemory.RoundUp(bytes, AlignedMemory.Line));

    /// <summary>From offsets to addresses. Zeroed memory means zeros in every format, but for the codes of a table.</summary>
    private void Settle(ref Kept kept, StreamPlace place, ulong count)
    {
        byte* data = _memory.Pointer + (nuint)kept.Data;
        void* beside = StreamFormat.BesideBytes(kept.Format, count) > 0 ? _memory.Pointer + (nuint)kept.Beside : null;
        kept = new Kept(kept.Format, data, beside, kept.Book);
        if (kept.Book is null || count == 0)
            return;
        byte zero = (byte)StreamFormat.BookOf(kept.Format, place)!.Values.IndexOf(0f);
        bool two = kept.Format == Interop.NativeMethods.NA_BOOK4;
        nuint bytes = StreamFormat.DataBytes(kept.Format, count);
        System.Runtime.InteropServices.NativeMemory.Fill(data, bytes, two ? (byte)(zero | zero << 4) : zero);
        if (two && count % 2 == 1)
            data[bytes - 1] = zero;
    }
}
