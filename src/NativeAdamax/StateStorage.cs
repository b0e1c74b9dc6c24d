namespace NativeAdamax;

/// <summary>Where an optimizer keeps moments, sums of gradients and averages.</summary>
public sealed record StateStorage
{
    private StateStorage(string? folder) => Folder = folder;

    /// <summary>In memory, the default.</summary>
    public static StateStorage Memory { get; } = new((string?)null);

    /// <summary>The folder of the file; null: memory.</summary>
    public string? Folder { get; }

    /// <summary>
    /// In a file that is mapped into memory, for states that are larger than it: the system keeps what is used and
    /// writes out the rest. The same bits; steps over what is not in memory run at the speed of the disk. The file is
    /// removed at the end, also where the process is killed.
    /// </summary>
    /// <param name="folder">There must be room in it for the whole state; best on a local solid-state disk.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static StateStorage MemoryMapped(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        return Directory.Exists(folder)
            ? new StateStorage(folder)
            : throw new DirectoryNotFoundException($"There is no folder {folder} for the state.");
    }
}
