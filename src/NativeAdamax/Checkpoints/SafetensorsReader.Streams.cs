using System.Buffers;

namespace NativeAdamax.Checkpoints;

/// <content>How bytes come out of streams.</content>
public sealed partial class SafetensorsReader
{
    private const int FirstRead = 64 * 1024;

    internal static async Task<SafetensorsReader> OpenAsync(Stream stream, bool leaveOpen, bool isAsync, Work work)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long start = stream.CanSeek ? stream.Position : 0;
        long? available = stream.CanSeek ? stream.Length - start - SafetensorsHeader.PrefixBytes : null;
        if (available < 0)
        {
            throw new CheckpointFormatException(
                $"There are {available + SafetensorsHeader.PrefixBytes} bytes, less than a header's length takes.", 0);
        }

        byte[] prefix = await ReadAsync(stream, SafetensorsHeader.PrefixBytes, FirstRead, isAsync, work).ConfigureAwait(false);
        int length = SafetensorsHeader.LengthOf(prefix, available);
        byte[] json = await ReadAsync(stream, length, available is null ? FirstRead : length, isAsync, work).ConfigureAwait(false);
        SafetensorsHeader header = SafetensorsHeader.Parse(json);
        SafetensorsReader reader = new(header, start + SafetensorsHeader.PrefixBytes + length, stream, null, leaveOpen);
        if (available is { } known)
            reader.RefuseLess(known - length);
        return reader;
    }

    /// <summary>As many bytes as are claimed: from a first buffer on, it grows with those that come.</summary>
    private static async Task<byte[]> ReadAsync(Stream stream, int length, int first, bool isAsync, Work work)
    {
        byte[] buffer = new byte[Math.Min(length, first)];
        for (int at = 0; at < length;)
        {
            work.ThrowIfCancelled();
            if (at == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(length, 2L * buffer.Length));
            int n = isAsync
                ? await stream.ReadAsync(buffer.AsMemory(at), work.Cancellation).ConfigureAwait(false)
                : stream.Read(buffer, at, buffer.Length - at);
            if (n == 0)
            {
                throw new CheckpointFormatException(
                    $"The stream ends {length - at} bytes before the end of the header: it was cut off.");
            }

            at += n;
        }

        return buffer;
    }

    private static unsafe Block BlockAt(MemoryHandle pinned, int length) => new((nint)pinned.Pointer, length);

    private async Task GoToAsync(TensorInfo tensor, string what, bool isAsync, Work work)
    {
        if (_stream!.CanSeek)
        {
            _stream.Position = _dataStart + tensor.Offset;
        }
        else if (tensor.Offset < _position && tensor.Length > 0)
        {
            throw new InvalidOperationException($"The stream cannot seek back to {what}: read tensors in their order.");
        }
        else if (tensor.Offset > _position)
        {
            await Transfer.SkipAsync(_stream, tensor.Offset - _position, what, isAsync, work).ConfigureAwait(false);
        }

        _position = Math.Max(_position, tensor.Offset);
        if (_stream.CanSeek)
            _position = tensor.Offset;
    }

    /// <summary>Passes over what has not been read, so that a stream that cannot seek stands behind the last tensor.</summary>
    internal Task FinishAsync(bool isAsync, Work work)
    {
        if (_stream is null)
            return Task.CompletedTask;
        if (_stream.CanSeek)
        {
            _stream.Position = _dataStart + _header.DataBytes;
            return Task.CompletedTask;
        }

        return Transfer.SkipAsync(_stream, _header.DataBytes - _position, "the last tensor", isAsync, work);
    }

    private void RefuseLess(long available)
    {
        if (available < _header.DataBytes)
        {
            throw new CheckpointFormatException(
                $"The tensors have {_header.DataBytes} bytes, but only {available} follow the header: the file was cut off.");
        }
    }

    private void RefuseMore(long length)
    {
        long rest = length - _dataStart - _header.DataBytes;
        if (rest > 0)
            throw new CheckpointFormatException($"{rest} bytes follow the last tensor.", _dataStart + _header.DataBytes);
    }

    private void RefuseOther(TensorInfo tensor, long length)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Find(tensor.Name) != tensor)
            throw new ArgumentException($"Tensor {tensor.Name} is not of this file.", nameof(tensor));
        if (length != tensor.Length)
            throw new ArgumentException($"Tensor {tensor.Name} has {tensor.Length} bytes, not {length}.", nameof(length));
    }
}
