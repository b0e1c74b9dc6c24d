using System.Text.Json;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// Reads a file or stream in the safetensors format. Everything that its header says has been checked when it is open:
/// names, types, shapes, places, and that all bytes are there.
/// </summary>
public sealed partial class SafetensorsReader : IDisposable
{
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, TensorInfo> _byName;
    private readonly MappedFile? _map;
    private readonly Stream? _stream;
    private readonly bool _leaveOpen;
    private readonly long _dataStart;
    private long _position;
    private bool _disposed;

    private SafetensorsReader(SafetensorsHeader header, long dataStart, Stream? stream, MappedFile? map, bool leaveOpen)
    {
        _header = header;
        _dataStart = dataStart;
        _stream = stream;
        _map = map;
        _leaveOpen = leaveOpen;
        _byName = header.Tensors.ToDictionary(t => t.Name);
    }

    /// <summary>In the order in which they lie in the file.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _header.Tensors;

    /// <summary>The free text of the header, by keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>A tensor by its name; null where there is none of it.</summary>
    public TensorInfo? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A file, to be read as a stream.</summary>
    /// <exception cref="CheckpointFormatException">It breaks a rule of the format, or bytes are missing or too many.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        try
        {
            SafetensorsReader reader = Open(stream);
            reader.RefuseMore(stream.Length);
            return reader;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A stream from its position on. Where it cannot seek, tensors are read in the order of <see cref="Tensors"/>. What
    /// follows behind them is not looked at.
    /// </summary>
    /// <param name="stream">Readable.</param>
    /// <param name="leaveOpen">Whether it stays open at the end.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="CheckpointFormatException">It breaks a rule of the format, or is cut off.</exception>
    public static SafetensorsReader Open(Stream stream, bool leaveOpen = false) =>
        OpenAsync(stream, leaveOpen, isAsync: false, new Work(null, default)).GetAwaiter().GetResult();

    /// <summary>The same without holding the caller's thread.</summary>
    /// <inheritdoc cref="Open(Stream, bool)"/>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static Task<SafetensorsReader> OpenAsync(
        Stream stream, bool leaveOpen = false, CancellationToken cancellationToken = default) =>
        OpenAsync(stream, leaveOpen, isAsync: true, new Work(null, cancellationToken));

    /// <summary>
    /// A file as memory: nothing is read before it is looked at, and nothing is copied. It must not become shorter
    /// meanwhile.
    /// </summary>
    /// <exception cref="CheckpointFormatException">It breaks a rule of the format, or bytes are missing or too many.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static SafetensorsReader Map(string path)
    {
        MappedFile map = new(path);
        try
        {
            long available = map.Length - SafetensorsHeader.PrefixBytes;
            int length = SafetensorsHeader.LengthOf(map.Bytes.Span(0, SafetensorsHeader.PrefixBytes), available);
            SafetensorsHeader header = SafetensorsHeader.Parse(map.Bytes.Span(SafetensorsHeader.PrefixBytes, length));
            SafetensorsReader reader = new(header, SafetensorsHeader.PrefixBytes + length, null, map, false);
            reader.RefuseLess(available - length);
            reader.RefuseMore(map.Length);
            return reader;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Copies a tensor's bytes.</summary>
    /// <param name="tensor">Of <see cref="Tensors"/>.</param>
    /// <param name="destination">As long as the tensor.</param>
    /// <exception cref="ArgumentException">The tensor is not of this file, or the length is another.</exception>
    /// <exception cref="CheckpointFormatException">The stream ends before.</exception>
    /// <exception cref="InvalidOperationException">The stream cannot seek back to it.</exception>
    /// <exception cref="ObjectDisposedException">The reader has been disposed.</exception>
    public unsafe void Read(TensorInfo tensor, Span<byte> destination)
    {
        fixed (byte* pointer = destination)
            Read(tensor, pointer, destination.Length);
    }

    /// <summary>Copies a tensor's bytes, also more than a span can hold.</summary>
    /// <param name="tensor">Of <see cref="Tensors"/>.</param>
    /// <param name="destination">The first byte.</param>
    /// <param name="length">Must be the tensor's.</param>
    /// <inheritdoc cref="Read(TensorInfo, Span{byte})"/>
    public unsafe void Read(TensorInfo tensor, void* destination, long length)
    {
        RefuseOther(tensor, length);
        ReadAsync(tensor, new Block((nint)destination, length), isAsync: false, new Work(null, default))
            .GetAwaiter().GetResult();
    }

    /// <summary>Copies a tensor's bytes without holding the caller's thread.</summary>
    /// <inheritdoc cref="Read(TensorInfo, Span{byte})"/>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task ReadAsync(TensorInfo tensor, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        RefuseOther(tensor, destination.Length);
        using System.Buffers.MemoryHandle pinned = destination.Pin();
        await ReadAsync(tensor, BlockAt(pinned, destination.Length), isAsync: true, new Work(null, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>A tensor's bytes where a mapped file has them: to be read, and not after the reader's end.</summary>
    /// <exception cref="ArgumentException">The tensor is not of this file.</exception>
    /// <exception cref="InvalidOperationException">The file is not mapped.</exception>
    /// <exception cref="ObjectDisposedException">The reader has been disposed.</exception>
    public unsafe void* PointerTo(TensorInfo tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        RefuseOther(tensor, tensor.Length);
        return _map is null
            ? throw new InvalidOperationException($"The file is not mapped: open it with {nameof(Map)}.")
            : (void*)BlockOf(tensor).Address;
    }

    /// <summary>The checksums of the metadata by tensor, null where there are none.</summary>
    /// <exception cref="CheckpointFormatException">They are not what they should be.</exception>
    internal Dictionary<string, string>? Checksums()
    {
        if (!Metadata.TryGetValue(SafetensorsWriter.ChecksumKey, out string? json))
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, RunStateJson.Default.DictionaryStringString);
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException($"The checksums are not JSON: {e.Message}", e);
        }
    }

    /// <summary>Whether tensors can be looked at where they are.</summary>
    internal bool IsMapped => _map is not null;

    internal Block BlockOf(TensorInfo tensor) => _map!.Bytes.Slice(_dataStart + tensor.Offset, tensor.Length);

    internal async Task ReadAsync(TensorInfo tensor, Block destination, bool isAsync, Work work)
    {
        if (_map is not null)
        {
            BlockOf(tensor).CopyTo(destination);
            work.Did(tensor.Length);
            return;
        }

        string what = $"tensor {CheckpointFormatException.Quote(tensor.Name)}";
        await GoToAsync(tensor, what, isAsync, work).ConfigureAwait(false);
        await Transfer.ReadAsync(_stream!, destination, what, isAsync, work).ConfigureAwait(false);
        _position += tensor.Length;
    }

    /// <summary>Ends the mapping, and the stream unless it is to stay open.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _map?.Dispose();
        if (!_leaveOpen)
            _stream?.Dispose();
    }
}
