using System.Buffers.Binary;
using System.Text;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>
/// NumPy's .npy files: versions 1 to 3, little-endian float32, float64, int32 and int64 in C order. Anything else is
/// refused by name.
/// </summary>
public static class NumPyFile
{
    private const int LongestHeader = 1 << 16;

    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array. No more memory is taken than the file is long.</summary>
    /// <exception cref="CheckpointFormatException">The file is damaged, or holds what is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PlainArray Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, stream.Length, Path.GetFileName(path));
    }

    /// <summary>Reads an array, which takes all that is left of a stream.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static PlainArray Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Stream whole = WholeStream.Of(stream);
        return Read(whole, whole.Length, ".npy");
    }

    /// <summary>Writes an array, byte for byte as numpy.save does.</summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, PlainArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        using FileStream stream = File.Create(path);
        Write(stream, array);
    }

    /// <summary>Writes an array to a stream.</summary>
    /// <inheritdoc cref="Write(string, PlainArray)"/>
    public static void Write(Stream stream, PlainArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        stream.Write(NumPyHeader.Format(array));
        array.WriteParts(part => stream.Write(part));
    }

    /// <param name="stream">Read from where it is.</param>
    /// <param name="length">Bytes that it has.</param>
    /// <param name="what">For messages.</param>
    internal static PlainArray Read(Stream stream, long length, string what) => WholeStream.Read(what, () =>
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..8]);
        if (!start.StartsWith(Magic))
            throw StoredZip.Refused(what, "It does not begin as a .npy file.");
        (byte major, byte minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
            throw StoredZip.Refused(what, $"Version {major}.{minor} is not read; 1.0, 2.0 and 3.0 are.");
        int size = major == 1 ? 2 : 4;
        stream.ReadExactly(start.Slice(8, size));
        uint headerLength = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        long left = length - 8 - size;
        if (headerLength > Math.Min(left, LongestHeader))
            throw StoredZip.Refused(what,
                $"A header of {headerLength} bytes is longer than the file, or than {LongestHeader}.");
        byte[] text = new byte[headerLength];
        stream.ReadExactly(text);
        if (!Ascii.IsValid(text))
            throw StoredZip.Refused(what, "The header is not ASCII.");
        NumPyHeader header = NumPyHeader.Parse(Encoding.ASCII.GetString(text), what);
        long bytes = (long)header.Count * PlainArray.SizeOf(header.Type);
        left -= headerLength;
        if (bytes != left)
            throw StoredZip.Refused(what, $"The elements should take {bytes} bytes; there are {left}.");
        PlainArray array = PlainArray.Zeros(header.Type, header.Count, header.Shape);
        array.ReadParts(part => stream.ReadExactly(part));
        return array;
    });
}
