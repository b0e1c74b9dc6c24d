using NativeAdamax.Checkpoints;

namespace NativeAdamax;

/// <content>Saving and loading an average that no optimizer keeps.</content>
public sealed partial class WeightEma
{
    /// <summary>
    /// Saves the averages and how far they have come, to a file in the safetensors format that is there whole or not at
    /// all. An optimizer saves its own average itself.
    /// </summary>
    /// <param name="path">In a folder that is there.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// An optimizer keeps this average, two parameters have one name, the weights are swapped, or another call is under way.
    /// </exception>
    /// <exception cref="IOException">The disk is full or the folder missing; a file of that name is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The average or a parameter has been disposed.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Inside(() => AverageFile.Save(this, path, null));
    }

    /// <summary>The same to a stream, from its position on.</summary>
    /// <param name="stream">Writable; it need not be able to seek. Stays open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <inheritdoc cref="Save(string)"/>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Inside(() => AverageFile.Save(this, null, stream));
    }

    /// <summary>Loads what <see cref="Save(string)"/> wrote, strictly and all or nothing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="CheckpointFormatException">The file is damaged, or not what it says it is.</exception>
    /// <exception cref="CheckpointMismatchException">Parameters, lengths or settings are others.</exception>
    /// <exception cref="InvalidOperationException">
    /// An optimizer keeps this average, two parameters have one name, the weights are swapped, or another call is under way.
    /// </exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The average or a parameter has been disposed.</exception>
    public void Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Inside(() => AverageFile.Load(this, path, null));
    }

    /// <summary>The same from a stream, from its position on.</summary>
    /// <param name="stream">Readable; it need not be able to seek. Stays open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <inheritdoc cref="Load(string)"/>
    public void Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Inside(() => AverageFile.Load(this, null, stream));
    }

    private void Inside(Action action)
    {
        using Engine.Exclusive.Scope scope = _exclusive.Enter();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_tensors is null)
            throw new InvalidOperationException("The optimizer saves and loads its average itself, with its own state.");
        RefuseIfSwapped();
        CheckParameters();
        action();
    }
}
