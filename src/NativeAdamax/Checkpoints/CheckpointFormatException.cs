namespace NativeAdamax.Checkpoints;

/// <summary>A file is not what its format allows, or is damaged; the message says where and how.</summary>
public sealed class CheckpointFormatException : IOException
{
    internal CheckpointFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
