using System.IO.Compression;
using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>NumPy's .npz files, as numpy.savez writes them; compressed ones are refused.</summary>
public static class NumPyArchive
{
    private const string Ending = ".npy";

    /// <summary>The least that a zip file can say; every file of ours is the same bytes for the same arrays.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays. No more memory is taken for them than the file is long.</summary>
    /// <param name="path">The file.</param>
    /// <param name="verifyChecksums">Whether the checksums of the entries are compared.</param>
    /// <returns>By name, without ".npy".</returns>
    /// <exception cref="CheckpointFormatException">The file is damaged, or holds what is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, PlainArray> Read(string path, bool verifyChecksums = true)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, Path.GetFileName(path), verifyChecksums);
    }

    /// <summary>Reads all arrays of a file that takes all that is left of a stream.</summary>
    /// <inheritdoc cref="Read(string, bool)"/>
    public static IReadOnlyDictionary<string, PlainArray> Read(Stream stream, bool verifyChecksums = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(WholeStream.Of(stream), ".npz", verifyChecksums);
    }

    /// <summary>Writes arrays, in their order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">By name, without ".npy".</param>
    /// <exception cref="ArgumentNullException">An argument or an array is null.</exception>
    /// <exception cref="ArgumentException">A name is there twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, PlainArray>> arrays)
    {
        KeyValuePair<string, PlainArray>[] all = Checked(arrays);
        using FileStream stream = File.Create(path);
        WriteAll(stream, all);
    }

    /// <summary>Writes arrays to a stream, in their order.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, PlainArray}})"/>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, PlainArray>> arrays)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WriteAll(stream, Checked(arrays));
    }

    private static Dictionary<string, PlainArray> Read(Stream stream, string what, bool verify) =>
        WholeStream.Read(what, () =>
        {
            using StoredZip zip = new(stream, what, verify);
            Dictionary<string, PlainArray> arrays = [];
            foreach (string entry in zip.Names)
            {
                if (!entry.EndsWith(Ending, StringComparison.Ordinal))
                    throw zip.Refused($"The entry {Quote(entry)} is no .npy file.");
                zip.Read(entry, inner => arrays.Add(
                    entry[..^Ending.Length], NumPyFile.Read(inner, zip.LengthOf(entry)!.Value, $"{what}, {entry}")));
            }

            return arrays;
        });

    private static void WriteAll(Stream stream, KeyValuePair<string, PlainArray>[] arrays)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, PlainArray array) in arrays)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + Ending, CompressionLevel.NoCompression);
            entry.LastWriteTime = Epoch;
            using Stream inner = entry.Open();
            NumPyFile.Write(inner, array);
        }
    }

    private static KeyValuePair<string, PlainArray>[] Checked(IEnumerable<KeyValuePair<string, PlainArray>> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        KeyValuePair<string, PlainArray>[] all = [.. arrays];
        HashSet<string> names = [];
        foreach ((string name, PlainArray array) in all)
        {
            ArgumentNullException.ThrowIfNull(array, name);
            if (!names.Add(name))
                throw new ArgumentException($"The name {name} is there twice.", nameof(arrays));
        }

        return all;
    }
}
