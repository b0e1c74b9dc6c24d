using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// Blocks of any size through streams and hashes, chunk by chunk; on the caller's thread where it is not asynchronous.
/// </summary>
internal static class Transfer
{
    public static async Task WriteAsync(Stream stream, Block block, bool isAsync, Work work)
    {
        for (long at = 0; at < block.Length;)
        {
            work.ThrowIfCancelled();
            int n = (int)Math.Min(Work.Chunk, block.Length - at);
            try
            {
                if (isAsync)
                    await stream.WriteAsync(block.Memory(at, n), work.Cancellation).ConfigureAwait(false);
                else
                    stream.Write(block.Span(at, n));
            }
            catch (ArgumentOutOfRangeException e) when (stream is FileStream)
            {
                // What .NET makes of a limit to the size of files.
                throw new IOException($"The file may not become larger than {stream.Position} bytes.", e);
            }

            at += n;
            work.Did(n);
        }
    }

    /// <exception cref="CheckpointFormatException">The stream ends before.</exception>
    public static async Task ReadAsync(Stream stream, Block block, string what, bool isAsync, Work work)
    {
        for (long at = 0; at < block.Length;)
        {
            work.ThrowIfCancelled();
            int n = (int)Math.Min(Work.Chunk, block.Length - at);
            n = isAsync
                ? await stream.ReadAsync(block.Memory(at, n), work.Cancellation).ConfigureAwait(false)
                : stream.Read(block.Span(at, n));
            if (n == 0)
                throw CutOff(what, block.Length - at);
            at += n;
            work.Did(n);
        }
    }

    /// <summary>Passes over bytes of a stream that cannot seek.</summary>
    /// <exception cref="CheckpointFormatException">The stream ends before.</exception>
    public static async Task SkipAsync(Stream stream, long bytes, string what, bool isAsync, Work work)
    {
        byte[] buffer = new byte[Math.Min(bytes, 64 * 1024)];
        while (bytes > 0)
        {
            work.ThrowIfCancelled();
            Memory<byte> part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes));
            int n = isAsync
                ? await stream.ReadAsync(part, work.Cancellation).ConfigureAwait(false)
                : stream.Read(part.Span);
            if (n == 0)
                throw CutOff(what, bytes);
            bytes -= n;
        }
    }

    /// <summary>The SHA-256 of each block, several at a time.</summary>
    public static string[] Checksums(IReadOnlyList<Block> blocks, Work work)
    {
        string[] sums = new string[blocks.Count];
        ParallelOptions options = new() { CancellationToken = work.Cancellation };
        try
        {
            Parallel.For(0, blocks.Count, options, i => sums[i] = Checksum(blocks[i], work));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return sums;
    }

    private static string Checksum(Block block, Work work)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < block.Length;)
        {
            work.ThrowIfCancelled();
            int n = (int)Math.Min(Work.Chunk, block.Length - at);
            hash.AppendData(block.Span(at, n));
            at += n;
            work.Did(n);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static CheckpointFormatException CutOff(string what, long bytes) =>
        new($"The stream ends {bytes} bytes before the end of {what}: it was cut off.");
}
