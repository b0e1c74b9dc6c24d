using System.Buffers;
using System.Text.Json;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// Writes tensors and metadata in the safetensors format: the tensors with the widest elements first, so that each is
/// aligned, and otherwise in the order in which they were added. The same tensors and metadata give the same bytes.
/// </summary>
public sealed class SafetensorsWriter
{
    /// <summary>The metadata that holds the checksums: JSON, a name and 64 hexadecimal digits for each tensor.</summary>
    public const string ChecksumKey = "sha256";

    private readonly List<Source> _sources = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Free text by keys; written in the order of the keys.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the SHA-256 of every tensor goes into the metadata. Default true.</summary>
    public bool Checksums { get; init; } = true;

    /// <summary>A tensor in managed memory, which must stay as it is until it is written.</summary>
    /// <param name="name">Any but that of another tensor or "__metadata__".</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="shape">Each 0 or above; none for a single number.</param>
    /// <param name="data">Little-endian, row by row; as long as shape and type say.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    /// <exception cref="ArgumentException">The name is taken or no text, or the length is another than the shape's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the type is not one of the enumeration.</exception>
    public void Add(string name, TensorType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> data) =>
        Add(name, type, shape, default, data.Length, data);

    /// <summary>A tensor anywhere in memory, which must stay where and as it is until it is written.</summary>
    /// <param name="name">Any but that of another tensor or "__metadata__".</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="shape">Each 0 or above; none for a single number.</param>
    /// <param name="data">Its first byte; little-endian, row by row.</param>
    /// <param name="length">Its bytes, also above 2^31; as many as shape and type say.</param>
    /// <inheritdoc cref="Add(string, TensorType, ReadOnlySpan{long}, ReadOnlyMemory{byte})"/>
    public unsafe void Add(string name, TensorType type, ReadOnlySpan<long> shape, void* data, long length) =>
        Add(name, type, shape, (nint)data, length, default);

    /// <summary>Writes to a stream from its position on.</summary>
    /// <param name="stream">Writable; it need not be able to seek.</param>
    /// <param name="progress">Told after every megabyte; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up between two megabytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">There are too many tensors for a header that readers take.</exception>
    /// <exception cref="OperationCanceledException">It was given up; the stream has a part.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Write(
        Stream stream, IProgress<CheckpointProgress>? progress = null, CancellationToken cancellationToken = default) =>
        WriteAsync(stream, isAsync: false, new Work(progress, cancellationToken)).GetAwaiter().GetResult();

    /// <summary>The same without holding the caller's thread.</summary>
    /// <inheritdoc cref="Write(Stream, IProgress{CheckpointProgress}, CancellationToken)"/>
    public Task WriteAsync(
        Stream stream, IProgress<CheckpointProgress>? progress = null, CancellationToken cancellationToken = default) =>
        WriteAsync(stream, isAsync: true, new Work(progress, cancellationToken));

    /// <summary>Writes a file that is there whole or not at all: one of that name is replaced at the end, or stays as it was.</summary>
    /// <param name="path">In a folder that is there.</param>
    /// <param name="progress">Told after every megabyte; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up between two megabytes.</param>
    /// <exception cref="ArgumentException">The path is empty, or there are too many tensors for a header that readers take.</exception>
    /// <exception cref="OperationCanceledException">It was given up; nothing has changed.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing; nothing has changed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written; nothing has changed.</exception>
    public void Write(
        string path, IProgress<CheckpointProgress>? progress = null, CancellationToken cancellationToken = default) =>
        WriteAsync(path, isAsync: false, new Work(progress, cancellationToken)).GetAwaiter().GetResult();

    /// <summary>The same without holding the caller's thread.</summary>
    /// <inheritdoc cref="Write(string, IProgress{CheckpointProgress}, CancellationToken)"/>
    public Task WriteAsync(
        string path, IProgress<CheckpointProgress>? progress = null, CancellationToken cancellationToken = default) =>
        WriteAsync(path, isAsync: true, new Work(progress, cancellationToken));

    internal async Task WriteAsync(Stream stream, bool isAsync, Work work)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Layout layout = await LayOutAsync(isAsync, work).ConfigureAwait(false);
        await WriteAsync(stream, layout, isAsync, work).ConfigureAwait(false);
    }

    internal async Task WriteAsync(string path, bool isAsync, Work work)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using Layout layout = await LayOutAsync(isAsync, work).ConfigureAwait(false);
        await AtomicFile.WriteAsync(
            path, layout.Header.Length + layout.DataBytes, stream => WriteAsync(stream, layout, isAsync, work), isAsync, work)
            .ConfigureAwait(false);
    }

    private static async Task WriteAsync(Stream stream, Layout layout, bool isAsync, Work work)
    {
        if (isAsync)
            await stream.WriteAsync(layout.Header, work.Cancellation).ConfigureAwait(false);
        else
            stream.Write(layout.Header);
        foreach (Block block in layout.Blocks)
            await Transfer.WriteAsync(stream, block, isAsync, work).ConfigureAwait(false);
    }

    private void Add(
        string name, TensorType type, ReadOnlySpan<long> shape, nint address, long length, ReadOnlyMemory<byte> managed)
    {
        ArgumentNullException.ThrowIfNull(name);
        Check.Defined(type, nameof(type));
        foreach (long dimension in shape)
            Check.AtLeast(dimension, 0, nameof(shape));
        long bytes;
        try
        {
            bytes = TensorInfo.Bytes(type, shape);
        }
        catch (OverflowException e)
        {
            throw new ArgumentException($"The shape of {name} has more bytes than 64 bits count.", nameof(shape), e);
        }

        if (bytes != length)
            throw new ArgumentException($"Tensor {name} has {length} bytes, but its shape {bytes}.", nameof(shape));
        if (name == SafetensorsHeader.MetadataKey || !IsText(name))
            throw new ArgumentException($"A tensor cannot be named {CheckpointFormatException.Quote(name)}.", nameof(name));
        if (!_names.Add(name))
            throw new ArgumentException($"Two tensors are named {CheckpointFormatException.Quote(name)}.", nameof(name));
        _sources.Add(new Source(name, type, shape.ToArray(), new Block(address, length), managed));
    }

    private async Task<Layout> LayOutAsync(bool isAsync, Work work)
    {
        Source[] ordered = [.. _sources.OrderByDescending(s => s.Type.Size())];
        Layout layout = new(ordered.Length);
        try
        {
            List<TensorInfo> tensors = [];
            foreach (Source source in ordered)
            {
                tensors.Add(new TensorInfo(source.Name, source.Type, source.Shape, layout.DataBytes, source.Bytes.Length));
                layout.Add(source);
            }

            work.Total = layout.DataBytes * (Checksums ? 2 : 1);
            SortedDictionary<string, string> metadata = new(Metadata, StringComparer.Ordinal);
            if (Checksums)
            {
                string[] sums = isAsync
                    ? await Task.Run(() => Transfer.Checksums(layout.Blocks, work), work.Cancellation).ConfigureAwait(false)
                    : Transfer.Checksums(layout.Blocks, work);
                Dictionary<string, string> byName = [];
                for (int i = 0; i < sums.Length; i++)
                    byName.Add(ordered[i].Name, sums[i]);
                metadata[ChecksumKey] = JsonSerializer.Serialize(byName, RunStateJson.Default.DictionaryStringString);
            }

            layout.Header = SafetensorsHeader.Build(tensors, metadata);
            return layout;
        }
        catch
        {
            layout.Dispose();
            throw;
        }
    }

    private static bool IsText(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && !(i + 1 < name.Length && char.IsSurrogatePair(name[i], name[++i])))
                return false;
        }

        return true;
    }

    private sealed record Source(string Name, TensorType Type, long[] Shape, Block Bytes, ReadOnlyMemory<byte> Managed);

    /// <summary>The file as it will be; managed memory stays where it is for so long.</summary>
    private sealed unsafe class Layout(int tensors) : IDisposable
    {
        private readonly List<MemoryHandle> _pinned = [];

        public byte[] Header { get; set; } = [];

        public List<Block> Blocks { get; } = new(tensors);

        public long DataBytes { get; private set; }

        public void Add(Source source)
        {
            Block bytes = source.Bytes;
            if (!source.Managed.IsEmpty)
            {
                MemoryHandle handle = source.Managed.Pin();
                _pinned.Add(handle);
                bytes = bytes with { Address = (nint)handle.Pointer };
            }

            Blocks.Add(bytes);
            DataBytes = checked(DataBytes + bytes.Length);
        }

        public void Dispose()
        {
            foreach (MemoryHandle handle in _pinned)
                handle.Dispose();
        }
    }
}
