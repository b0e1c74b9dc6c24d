using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NativeAdamax.Checkpoints.Interchange.Pickles;
using NativeAdamax.Styles.PyTorch;
using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// Files of PyTorch's torch.save, in the zip format that it writes since 1.6. The pickle in them is read as data: no
/// code is run, and a name that tensors and dictionaries do not need is refused. What must fit is the file itself:
/// tensors take no more memory than the file is long, twice that where they have 16 bits and become float32.
/// </summary>
public static class PyTorchFile
{
    private const int LongestPickle = 1 << 26;
    private const int NewestVersion = 10;

    /// <summary>The number with which files of before 1.6 begin, as a pickle has it.</summary>
    private const ulong OldMagic = 0x20f9_469c_fc6c_0a8a;

    /// <summary>Reads what <c>torch.save(optimizer.state_dict(), path)</c> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Where the file is a dictionary of several things: the key of the optimizer's.</param>
    /// <param name="verifyChecksums">Whether the checksums of the entries are compared.</param>
    /// <returns>To be loaded by <see cref="TorchOptimizer.LoadStateDict"/>, or by <see cref="PyTorchState"/>.</returns>
    /// <exception cref="CheckpointFormatException">The file is damaged, or holds what is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StateDict ReadStateDict(string path, string? key = null, bool verifyChecksums = true)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, Path.GetFileName(path), key, verifyChecksums, StateDictOf);
    }

    /// <summary>Reads a state dictionary from all that is left of a stream.</summary>
    /// <inheritdoc cref="ReadStateDict(string, string?, bool)"/>
    public static StateDict ReadStateDict(Stream stream, string? key = null, bool verifyChecksums = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(WholeStream.Of(stream), "PyTorch's file", key, verifyChecksums, StateDictOf);
    }

    /// <summary>
    /// Reads a dictionary of tensors, as <c>torch.save(model.state_dict(), path)</c> wrote it. Half and bfloat16 become
    /// float32.
    /// </summary>
    /// <inheritdoc cref="ReadStateDict(string, string?, bool)"/>
    /// <returns>By name. Tensors that are one in the file are one array.</returns>
    public static IReadOnlyDictionary<string, PlainArray> ReadTensors(
        string path, string? key = null, bool verifyChecksums = true)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, Path.GetFileName(path), key, verifyChecksums, TensorsOf);
    }

    /// <summary>Reads a dictionary of tensors from all that is left of a stream.</summary>
    /// <inheritdoc cref="ReadTensors(string, string?, bool)"/>
    public static IReadOnlyDictionary<string, PlainArray> ReadTensors(
        Stream stream, string? key = null, bool verifyChecksums = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(WholeStream.Of(stream), "PyTorch's file", key, verifyChecksums, TensorsOf);
    }

    private static T Read<T>(
        Stream stream, string what, string? key, bool verify, Func<PickledDictionary, TorchTensors, string, T> use) =>
        WholeStream.Read(what, () =>
        {
            RefuseOld(stream, what);
            using StoredZip zip = new(stream, what, verify);
            string prefix = PrefixOf(zip);
            CheckVersion(zip, prefix);
            byte[] pickle = zip.Bytes(prefix + "data.pkl", LongestPickle);
            object? root = Unpickler.Read(pickle, new TorchTypes(zip, prefix, what), $"{what}, data.pkl");
            if (key is not null)
            {
                root = root is PickledDictionary outer && outer.TryGetValue(key, out object? inner)
                    ? inner : throw zip.Refused(
                        $"It is no dictionary with the key {Quote(key)}.");
            }

            return root is PickledDictionary dictionary
                ? use(dictionary, new TorchTensors(zip), what) : throw zip.Refused("It is no dictionary.");
        });

    /// <summary>The name of the folder in which the entries lie, with its slash.</summary>
    private static string PrefixOf(StoredZip zip)
    {
        string[] pickles = [.. zip.Names.Where(n => n.Split('/') is [_, "data.pkl"])];
        return pickles.Length == 1
            ? pickles[0][..^"data.pkl".Length]
            : throw zip.Refused(
                $"It has {pickles.Length} entries data.pkl instead of one: torch.save did not write it.");
    }

    private static void CheckVersion(StoredZip zip, string prefix)
    {
        string version = Encoding.Latin1.GetString(zip.Bytes(prefix + "version", 16)).TrimEnd('\n');
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is < 1 or > NewestVersion)
        {
            throw zip.Refused($"Its version is '{version}', not from 1 to {NewestVersion}.");
        }

        if (zip.LengthOf(prefix + "byteorder") is not null)
        {
            string order = Encoding.Latin1.GetString(zip.Bytes(prefix + "byteorder", 16));
            if (order != "little")
                throw zip.Refused($"Its byte order is '{order}', not little.");
        }
    }

    private static void RefuseOld(Stream stream, string what)
    {
        Span<byte> start = stackalloc byte[10];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (count == start.Length && BinaryPrimitives.ReadUInt64LittleEndian(start[2..]) == OldMagic)
        {
            throw StoredZip.Refused(what,
                "It has the format of before PyTorch 1.6, which is not read: load it there and "
                + "save it again.");
        }
    }

    private static StateDict StateDictOf(PickledDictionary root, TorchTensors tensors, string what) =>
        new StateDictBuilder(tensors, what).Build(root);

    private static Dictionary<string, PlainArray> TensorsOf(PickledDictionary root, TorchTensors tensors, string what)
    {
        Dictionary<string, PlainArray> named = [];
        foreach ((object name, object? value) in root)
        {
            named.Add(
                name as string ?? throw StoredZip.Refused(
                    what, $"The key {Quote($"{name}")} is no string."),
                value is TorchTensor tensor ? tensors.Of(tensor)
                    : throw StoredZip.Refused(what, $"{Quote($"{name}")} is no tensor."));
        }

        return named;
    }
}
