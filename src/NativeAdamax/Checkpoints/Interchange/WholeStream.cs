namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>What is left of a stream, as one that begins there and whose length is known.</summary>
internal static class WholeStream
{
    public static Stream Of(Stream stream)
    {
        if (stream.CanSeek && stream.Position == 0)
            return stream;
        MemoryStream copy = new();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    /// <summary>
    /// Runs what reads a format, and calls what the readers below it find wrong a fault of the format.
    /// </summary>
    public static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new CheckpointFormatException($"{what}: {e.Message}", e);
        }
    }
}
