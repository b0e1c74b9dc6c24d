using System.IO.Compression;
using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// A zip file of entries that are stored as they are. What its directory promises is checked against the length of the
/// file before anything is read.
/// </summary>
internal sealed class StoredZip : IDisposable
{
    private const int MostEntries = 1 << 20;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly string _what;
    private readonly bool _verify;

    public StoredZip(Stream stream, string what, bool verify)
    {
        _what = what;
        _verify = verify;
        Length = stream.Length;
        _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        long left = Length;
        foreach (ZipArchiveEntry entry in _archive.Entries)
        {
            string name = entry.FullName;
            if (_entries.Count == MostEntries)
                throw Refused($"It has more than {MostEntries} entries.");
            if (!_entries.TryAdd(name, entry))
                throw Refused($"The entry {Quote(name)} is there twice.");
            if (entry.IsEncrypted)
                throw Refused($"The entry {Quote(name)} is encrypted.");
            if (entry.CompressedLength != entry.Length)
                throw Refused($"The entry {Quote(name)} is compressed; only stored entries are read.");
            left -= entry.Length;
            if (entry.Length < 0 || left < 0)
                throw Refused($"The entries up to {Quote(name)} claim more bytes than the {Length} of the file.");
        }
    }

    /// <summary>Bytes of the whole file.</summary>
    public long Length { get; }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    public static CheckpointFormatException Refused(string what, string why) => new($"{what}: {why}");

    /// <summary>Null where there is no such entry.</summary>
    public long? LengthOf(string name) => _entries.GetValueOrDefault(name)?.Length;

    public byte[] Bytes(string name, int most)
    {
        long length = LengthOf(name) ?? throw Refused($"The entry {Quote(name)} is missing.");
        if (length > most)
            throw Refused($"The entry {Quote(name)} has {length} bytes; {most} are the most.");
        byte[] bytes = new byte[length];
        Read(name, stream => stream.ReadExactly(bytes));
        return bytes;
    }

    /// <summary>Reads all of an entry, in order, and checks its checksum.</summary>
    public void Read(string name, Action<Stream> read)
    {
        ZipArchiveEntry entry = _entries[name];
        using Stream inner = entry.Open();
        using ChecksumStream stream = new(inner);
        read(stream);
        if (_verify && stream.Checksum != entry.Crc32)
        {
            throw Refused(
                $"The entry {Quote(name)} has the checksum {stream.Checksum:x8} instead of {entry.Crc32:x8}.");
        }
    }

    public CheckpointFormatException Refused(string why) => Refused(_what, why);

    public void Dispose() => _archive.Dispose();
}
