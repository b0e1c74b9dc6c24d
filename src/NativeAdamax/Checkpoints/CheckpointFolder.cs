using System.Globalization;

namespace NativeAdamax.Checkpoints;

/// <summary>
/// The last checkpoints of a run in one folder, named by their step: <c>checkpoint-000000001000.safetensors</c>. Whenever
/// the process or the machine stops, the newest complete one is there.
/// </summary>
public sealed class CheckpointFolder
{
    private const string Ending = ".safetensors";

    /// <summary>A folder of checkpoints.</summary>
    /// <param name="path">It must be there when something is saved or loaded.</param>
    /// <param name="keep">How many stay; 1 or above.</param>
    /// <param name="prefix">Of the files' names: other files are left alone. A file name's characters, but for * and ?.</param>
    /// <exception cref="ArgumentException">The path or prefix is empty, or the prefix not fit for a file name.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is below 1.</exception>
    public CheckpointFolder(string path, int keep = 3, string prefix = "checkpoint")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (prefix.IndexOfAny(['/', '\\', '*', '?', .. System.IO.Path.GetInvalidFileNameChars()]) >= 0)
            throw new ArgumentException($"'{prefix}' is not fit for a file name.", nameof(prefix));
        Path = System.IO.Path.GetFullPath(path);
        Keep = (int)Check.AtLeast(keep, 1, nameof(keep));
        Prefix = prefix;
    }

    /// <summary>Where they are.</summary>
    public string Path { get; }

    /// <summary>How many stay.</summary>
    public int Keep { get; }

    /// <summary>Of the files' names.</summary>
    public string Prefix { get; }

    /// <summary>The checkpoints that are there, the oldest first.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public IReadOnlyList<string> Files =>
    [
        .. Directory.EnumerateFiles(Path, $"{Prefix}-*{Ending}").Select(file => (File: file, Step: StepOf(file)))
            .Where(f => f.Step is not null).OrderBy(f => f.Step).Select(f => f.File),
    ];

    /// <summary>
    /// Saves under the name of the optimizer's step, removes what killed writers left, and the oldest beyond
    /// <see cref="Keep"/>.
    /// </summary>
    /// <returns>The file.</returns>
    /// <inheritdoc cref="Optimizer.Save(string, SaveOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public string Save(
        Optimizer optimizer, SaveOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        string file = FileOf(optimizer.StepCount);
        AtomicFile.RemoveLeftovers(Path, $"{Prefix}-*{Ending}");
        optimizer.Save(file, options, progress, cancellationToken);
        RemoveOld(file);
        return file;
    }

    /// <summary>The same without holding the caller's thread.</summary>
    /// <inheritdoc cref="Save"/>
    public async Task<string> SaveAsync(
        Optimizer optimizer, SaveOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        string file = FileOf(optimizer.StepCount);
        AtomicFile.RemoveLeftovers(Path, $"{Prefix}-*{Ending}");
        await optimizer.SaveAsync(file, options, progress, cancellationToken).ConfigureAwait(false);
        RemoveOld(file);
        return file;
    }

    /// <summary>
    /// Loads the newest checkpoint. One that is damaged is passed over for the one before it, and the report names it.
    /// </summary>
    /// <returns>Null: there is none yet.</returns>
    /// <exception cref="CheckpointFormatException">All are damaged.</exception>
    /// <inheritdoc cref="Optimizer.Load(string, LoadOptions, IProgress{CheckpointProgress}, CancellationToken)"/>
    public LoadReport? LoadLatest(
        Optimizer optimizer, LoadOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        LoadLatestAsync(
            optimizer, file => Task.FromResult(optimizer.Load(file, options, progress, cancellationToken)))
            .GetAwaiter().GetResult();

    /// <summary>The same without holding the caller's thread.</summary>
    /// <inheritdoc cref="LoadLatest"/>
    public Task<LoadReport?> LoadLatestAsync(
        Optimizer optimizer, LoadOptions? options = null, IProgress<CheckpointProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        LoadLatestAsync(optimizer, file => optimizer.LoadAsync(file, options, progress, cancellationToken));

    private async Task<LoadReport?> LoadLatestAsync(Optimizer optimizer, Func<string, Task<LoadReport>> load)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        IReadOnlyList<string> files = Files;
        List<string> passedOver = [];
        for (int i = files.Count - 1; i >= 0; i--)
        {
            try
            {
                LoadReport report = await load(files[i]).ConfigureAwait(false);
                return report with { PassedOver = passedOver };
            }
            catch (CheckpointFormatException) when (i > 0)
            {
                passedOver.Add(files[i]);
            }
        }

        return null;
    }

    private string FileOf(long step) => System.IO.Path.Combine(Path, string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}-{step:D12}{Ending}"));

    /// <summary>Null: it is none of these files.</summary>
    private long? StepOf(string file)
    {
        ReadOnlySpan<char> digits = System.IO.Path.GetFileName(file.AsSpan())[(Prefix.Length + 1)..^Ending.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
    }

    /// <summary>Never the one just written, even if a run that was set back has written newer ones before.</summary>
    private void RemoveOld(string written)
    {
        foreach (string file in Files.Where(f => f != written).SkipLast(Keep - 1))
            File.Delete(file);
    }
}
