using System.Buffers.Binary;
using System.Text;

namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>A pickle's bytes, read from front to back. Nothing is taken on trust from a length.</summary>
internal sealed class PickleBytes(byte[] bytes, string what)
{
    private const int LongestName = 200;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public int At { get; private set; }

    public bool AtEnd => At == bytes.Length;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text()
    {
        uint length = UInt32();
        ReadOnlySpan<byte> text = Take(length);
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new CheckpointFormatException($"{what}: A string that ends at byte {At} is not UTF-8.", e);
        }
    }

    /// <summary>A whole number of up to 8 bytes, the highest bit its sign.</summary>
    public long Long()
    {
        byte length = Byte();
        if (length > sizeof(long))
            throw Refused($"A whole number of {length} bytes is beyond 64 bits.");
        ReadOnlySpan<byte> number = Take(length);
        long value = length > 0 && number[^1] >= 0x80 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--)
            value = (value << 8) | number[i];
        return value;
    }

    /// <summary>A name that ends with its line.</summary>
    public string Name()
    {
        int length = bytes.AsSpan(At).IndexOf((byte)'\n');
        if (length is < 0 or > LongestName)
            throw Refused($"A name has no end within {LongestName} bytes.");
        ReadOnlySpan<byte> name = Take((uint)length + 1)[..length];
        return Ascii.IsValid(name) ? Encoding.ASCII.GetString(name) : throw Refused("A name is not ASCII.");
    }

    public CheckpointFormatException Refused(string why) => StoredZip.Refused(what, $"{why} (Near byte {At}.)");

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > bytes.Length - At)
            throw Refused($"It ends {count - (bytes.Length - At)} bytes too early.");
        ReadOnlySpan<byte> taken = bytes.AsSpan(At, (int)count);
        At += (int)count;
        return taken;
    }
}
