using System.IO.Compression;
using System.Text;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>Zip files made entry by entry.</summary>
internal static class Zip
{
    public static byte[] Of(params (string Name, byte[] Bytes)[] entries) =>
        Of(CompressionLevel.NoCompression, entries);

    public static byte[] Of(CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    public static (string Name, byte[] Bytes)[] Entries(byte[] zip)
    {
        using ZipArchive archive = new(new MemoryStream(zip));
        return [.. archive.Entries.Select(e => (e.FullName, ReadAll(e)))];
    }

    /// <summary>A file like those of torch.save: this pickle and storages 0, 1 and so on.</summary>
    public static byte[] Torch(byte[] pickle, params byte[][] storages) => Of(
    [
        ("archive/data.pkl", pickle),
        .. storages.Select((bytes, i) => ($"archive/data/{i}", bytes)),
        ("archive/version", Encoding.ASCII.GetBytes("3\n")),
    ]);

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
