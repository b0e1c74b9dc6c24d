namespace NativeAdamax.Checkpoints;

/// <summary>
/// How far a save or a load has come. Told by the threads that do it, so that one may arrive after a later one.
/// </summary>
/// <param name="BytesDone">Bytes gone through: once for their checksums, and once to be written or read.</param>
/// <param name="BytesTotal">All of them; 0 or above.</param>
public readonly record struct CheckpointProgress(long BytesDone, long BytesTotal);

/// <summary>What a save or load has done, told to whom it may concern; and whether it is to be given up.</summary>
internal sealed class Work(IProgress<CheckpointProgress>? progress, CancellationToken cancellation)
{
    public const int Chunk = 1 << 20;

    private long _done;

    /// <summary>Bytes to go through.</summary>
    public long Total { get; set; }

    public CancellationToken Cancellation => cancellation;

    /// <summary>Before a chunk.</summary>
    /// <exception cref="OperationCanceledException">It is to be given up.</exception>
    public void ThrowIfCancelled() => cancellation.ThrowIfCancellationRequested();

    /// <summary>After a chunk.</summary>
    public void Did(long bytes)
    {
        long done = Interlocked.Add(ref _done, bytes);
        progress?.Report(new CheckpointProgress(done, Math.Max(done, Total)));
    }
}
