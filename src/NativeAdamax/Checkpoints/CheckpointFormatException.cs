namespace NativeAdamax.Checkpoints;

/// <summary>A file is not what it says it is: damaged, cut off, or made by somebody who means harm.</summary>
public sealed class CheckpointFormatException : FormatException
{
    /// <summary>What is wrong.</summary>
    public CheckpointFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>What is wrong, and where.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="offset">The byte of the file at which it was noticed.</param>
    /// <param name="inner">What noticed it.</param>
    public CheckpointFormatException(string message, long offset, Exception? inner = null)
        : base($"{message} (at byte {offset})", inner) => Offset = offset;

    /// <summary>The byte of the file at which it was noticed; null where that is no single place.</summary>
    public long? Offset { get; }

    /// <summary>A name out of a file, in quotes and no longer than a line.</summary>
    internal static string Quote(string name) => name.Length <= 80 ? $"'{name}'" : $"'{name[..80]}...'";
}
