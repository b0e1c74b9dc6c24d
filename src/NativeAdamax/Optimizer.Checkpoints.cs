using NativeAdamax.Checkpoints;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>Saving and loading the whole state.</content>
public abstract partial class Optimizer
{
    /// <summary>
    /// Saves weights, state, counts and options to a file in the safetensors format (<c>docs/checkpoint-format.md</c>).
    /// The file is there whole or not at all: one of that name is replaced at the very end, or stays as it was. A run that
    /// is loaded from it goes on with the same bits as if it had not stopped.
    /// </summary>
    /// <param name="path">In a folder that is there.</param>
    /// <param name="options">Null: everything.</param>
    /// <param name="progress">Told after every megabyte; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up between two megabytes.</param>
    /// <exception cref="ArgumentException">
    /// The path is empty, a shape does not fit, metadata have a key of the checkpoint's own, or there are too many tensors
    /// for a header that readers take (some hundred thousand).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Two parameters have one name, a parameter holds its average, or another call is under way.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was given up; a file of that name is as it was.</exception>
    /// <exception cref="IOException">The disk is full or the folder missing; a file of that name is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public void Save(
        string path, SaveOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckpointSave.RunAsync(this, path, null, options, isAsync: false, new Work(progress, cancellationToken))
            .GetAwaiter().GetResult();
    }

    /// <summary>The same to a stream, from its position on.</summary>
    /// <param name="stream">Writable; it need not be able to seek. Stays open.</param>
    /// <param name="options">Null: everything.</param>
    /// <param name="progress">Told after every megabyte; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up between two megabytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <inheritdoc cref="Save(string, SaveOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public void Save(
        Stream stream, SaveOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        CheckpointSave.RunAsync(this, null, stream, options, isAsync: false, new Work(progress, cancellationToken))
            .GetAwaiter().GetResult();
    }

    /// <summary>The same without holding the caller's thread. Until it is done every other call is refused.</summary>
    /// <inheritdoc cref="Save(string, SaveOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public Task SaveAsync(
        string path, SaveOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CheckpointSave.RunAsync(this, path, null, options, isAsync: true, new Work(progress, cancellationToken));
    }

    /// <summary>The same without holding the caller's thread. Until it is done every other call is refused.</summary>
    /// <inheritdoc cref="Save(Stream, SaveOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public Task SaveAsync(
        Stream stream, SaveOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CheckpointSave.RunAsync(this, null, stream, options, isAsync: true, new Work(progress, cancellationToken));
    }

    /// <summary>
    /// Loads a file that <see cref="Save(string, SaveOptions, IProgress{CheckpointProgress}, CancellationToken)"/> wrote,
    /// into an optimizer that was made like the one that was saved. It is read through a mapping, without a second copy.
    /// All or nothing: what is refused or given up has changed nothing.
    /// </summary>
    /// <remarks>
    /// Numbers in the options become the file's. Functions and schedules stay the caller's; what a schedule remembers is
    /// restored where the caller has one of the same kind.
    /// </remarks>
    /// <param name="path">A file of the safetensors format, which must not become shorter meanwhile.</param>
    /// <param name="options">Null: everything, strictly.</param>
    /// <param name="progress">Told after every megabyte; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up between two megabytes.</param>
    /// <returns>What was loaded and, where the options allow it, what was not.</returns>
    /// <exception cref="ArgumentException">The path is empty, or a shape does not fit.</exception>
    /// <exception cref="CheckpointFormatException">The file is damaged, or not what it says it is.</exception>
    /// <exception cref="CheckpointMismatchException">Something is missing, too much or different.</exception>
    /// <exception cref="InvalidOperationException">
    /// Two parameters have one name, a parameter holds its average, or another call is under way.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer or a parameter has been disposed.</exception>
    public LoadReport Load(
        string path, LoadOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CheckpointLoad.RunAsync(this, path, null, options, isAsync: false, new Work(progress, cancellationToken))
            .GetAwaiter().GetResult();
    }

    /// <summary>The same from a stream, from its position on, through memory of the state's size.</summary>
    /// <param name="stream">Readable; it need not be able to seek. Stays open, and stands behind the checkpoint.</param>
    /// <param name="options">Null: everything, strictly.</param>
    /// <param name="progress">Told after every megabyte; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up between two megabytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <inheritdoc cref="Load(string, LoadOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public LoadReport Load(
        Stream stream, LoadOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CheckpointLoad.RunAsync(this, null, stream, options, isAsync: false, new Work(progress, cancellationToken))
            .GetAwaiter().GetResult();
    }

    /// <summary>The same without holding the caller's thread. Until it is done every other call is refused.</summary>
    /// <inheritdoc cref="Load(string, LoadOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public Task<LoadReport> LoadAsync(
        string path, LoadOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CheckpointLoad.RunAsync(this, path, null, options, isAsync: true, new Work(progress, cancellationToken));
    }

    /// <summary>The same without holding the caller's thread. Until it is done every other call is refused.</summary>
    /// <inheritdoc cref="Load(Stream, LoadOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public Task<LoadReport> LoadAsync(
        Stream stream, LoadOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CheckpointLoad.RunAsync(this, null, stream, options, isAsync: true, new Work(progress, cancellationToken));
    }

    /// <summary>What a run has counted.</summary>
    internal RunCounts Counts
    {
        get => new()
        {
            StepCount = StepCount,
            CallCount = CallCount,
            CallsOfUpdate = _callsOfUpdate,
            NonFiniteInARow = NonFiniteInARow,
            NonFiniteCount = NonFiniteCount,
            GradientScale = GradientScale,
        };

        set
        {
            (StepCount, CallCount, _callsOfUpdate) = (value.StepCount, value.CallCount, value.CallsOfUpdate);
            (NonFiniteInARow, NonFiniteCount) = (value.NonFiniteInARow, value.NonFiniteCount);
            GradientScale = value.GradientScale;
        }
    }

    /// <summary>Keeps others out until <see cref="GiveBack"/>, with everything in its place.</summary>
    internal void TakeForCheckpoint()
    {
        _exclusive.Take();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Ema?.RefuseStep();
            foreach (TensorSlot slot in Composition.Slots)
            {
                slot.ThrowIfDisposed();
                slot.ThrowIfSwapped();
            }

            BringUpToDate();
        }
        catch
        {
            _exclusive.Give();
            throw;
        }
    }

    internal void GiveBack() => _exclusive.Give();
}
