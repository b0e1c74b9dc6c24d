using NativeAdamax.Engine;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// The bytes of tensors of a file, where nothing can go wrong with them any more: in its mapping, or in a copy;
/// checked.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly AlignedMemory? _memory;

    private Staging(AlignedMemory? memory, Block[] blocks)
    {
        _memory = memory;
        Blocks = blocks;
    }

    /// <summary>One a tensor.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <param name="reader">The file.</param>
    /// <param name="tensors">In the order in which they lie in it.</param>
    /// <param name="sums">The checksums by tensor; null: they are not looked at.</param>
    /// <param name="isAsync">Whether that may leave the caller's thread.</param>
    /// <param name="work">Is told of every byte, and may give up.</param>
    /// <exception cref="CheckpointFormatException">The file is cut off, or a checksum is missing or another.</exception>
    public static async Task<Staging> ReadAsync(
        SafetensorsReader reader, IReadOnlyList<TensorInfo> tensors, Dictionary<string, string>? sums, bool isAsync,
        Work work)
    {
        long bytes = tensors.Sum(t => t.Length);
        work.Total = bytes * (sums is null ? 1 : 2);
        AlignedMemory? memory = reader.IsMapped ? null : AlignedMemory.Allocate((nuint)bytes);
        try
        {
            Block[] blocks = new Block[tensors.Count];
            long at = 0;
            for (int i = 0; i < blocks.Length; at += blocks[i++].Length)
            {
                blocks[i] = memory is null ? reader.BlockOf(tensors[i]) : BlockOf(memory, at, tensors[i].Length);
                if (memory is not null)
                    await reader.ReadAsync(tensors[i], blocks[i], isAsync, work).ConfigureAwait(false);
            }

            if (sums is not null)
            {
                string[] actual = isAsync
                    ? await Task.Run(() => Transfer.Checksums(blocks, work), work.Cancellation).ConfigureAwait(false)
                    : Transfer.Checksums(blocks, work);
                for (int i = 0; i < actual.Length; i++)
                    RefuseOther(tensors[i].Name, sums, actual[i]);
            }

            if (memory is null)
                work.Did(bytes);
            await reader.FinishAsync(isAsync, work).ConfigureAwait(false);
            work.ThrowIfCancelled();
            return new Staging(memory, blocks);
        }
        catch
        {
            memory?.Dispose();
            throw;
        }
    }

    public void Dispose() => _memory?.Dispose();

    private static unsafe Block BlockOf(AlignedMemory memory, long at, long length) =>
        new((nint)memory.Pointer + (nint)at, length);

    private static void RefuseOther(string name, Dictionary<string, string> sums, string actual)
    {
        if (!sums.TryGetValue(name, out string? expected))
            throw new CheckpointFormatException($"There is no checksum of tensor {CheckpointFormatException.Quote(name)}.");
        if (!string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase))
        {
            throw new CheckpointFormatException(
                $"The bytes of tensor {CheckpointFormatException.Quote(name)} have another checksum than when they were "
                + "written: they were changed since.");
        }
    }
}
