using System.Text;

namespace NativeAdamax.Demo.Plotting;

/// <summary>
/// Where a plot will be written. It appears whole or not at all: the text goes to a file beside it, which then takes
/// its name.
/// </summary>
internal sealed class PlotFile
{
    private readonly string _partial;

    private PlotFile(string path)
    {
        Path = path;
        _partial = $"{path}.{Environment.ProcessId}.partial";
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The path for people: relative where it lies below the current directory.</summary>
    public string DisplayPath
    {
        get
        {
            string relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, Path);
            return relative.StartsWith("..", StringComparison.Ordinal) ? Path : relative;
        }
    }

    /// <summary>Makes sure, before any work is done, that the plot can be written.</summary>
    /// <param name="path">Absolute, or relative to the current directory; its directories are created.</param>
    /// <exception cref="IOException">It is a directory, or a part of it is a file, or the disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    /// <exception cref="ArgumentException">It is not a path.</exception>
    public static PlotFile Prepare(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new IOException("The plot needs the path of a file.");
        string full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full) || System.IO.Path.EndsInDirectorySeparator(full))
            throw new IOException($"'{full}' is a directory; name a file in it.");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        var file = new PlotFile(full);
        File.Create(file._partial, 1, FileOptions.DeleteOnClose).Dispose();
        return file;
    }

    /// <summary>Writes the plot, over an older one if there is one.</summary>
    public void Write(string text)
    {
        try
        {
            var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            File.WriteAllText(_partial, text, encoding);
            File.Move(_partial, Path, overwrite: true);
        }
        finally
        {
            File.Delete(_partial);
        }
    }
}
