using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NativeAdamax.Package.Tests;

/// <summary>The signature that macOS asks of every library on Apple's processors: hashes of the file's pages.</summary>
/// <remarks>Laid out as in Apple's cs_blobs.h; big-endian, unlike the rest of the file.</remarks>
internal static class CodeSignature
{
    private const int LoadCommand = 0x1d;
    private const uint SuperBlob = 0xfade0cc0;
    private const uint CodeDirectory = 0xfade0c02;
    private const uint AdHoc = 2;
    private const byte Sha256 = 2;

    /// <summary>What is wrong with the ad-hoc signature of a Mach-O file of 64 bits; null where it is valid.</summary>
    public static string? Fault(ReadOnlySpan<byte> file)
    {
        (int offset, int size) = Find(file);
        if (size == 0)
            return "there is no signature";
        if (offset + size != file.Length)
            return $"the file goes on behind the signature, which ends at {offset + size}";
        ReadOnlySpan<byte> blob = file.Slice(offset, size);
        if (Big(blob, 0) != SuperBlob || Big(blob, 4) > size)
            return "the signature is no super blob";
        for (int i = 0; i < (int)Big(blob, 8); i++)
        {
            ReadOnlySpan<byte> entry = blob[(int)Big(blob, 16 + 8 * i)..];
            if (Big(entry, 0) == CodeDirectory)
                return DirectoryFault(entry[..(int)Big(entry, 4)], file[..offset]);
        }

        return "the signature has no code directory";
    }

    private static string? DirectoryFault(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> code)
    {
        uint flags = Big(directory, 12), hashes = Big(directory, 16), identifier = Big(directory, 20);
        uint slots = Big(directory, 28), limit = Big(directory, 32);
        int hashSize = directory[36], page = 1 << directory[39];
        if ((flags & AdHoc) == 0)
            return $"the flags {flags:x} do not say that it is ad hoc";
        if (directory[37] != Sha256 || hashSize != SHA256.HashSizeInBytes)
            return $"the hashes are of kind {directory[37]} and {hashSize} bytes";
        if (limit != code.Length)
            return $"{limit} bytes are signed, and {code.Length} stand before the signature";
        if (slots != (limit + page - 1) / page)
            return $"{slots} pages are signed";
        if (directory[(int)identifier..].IndexOf((byte)0) <= 0)
            return "the signature names nothing";
        for (int i = 0; i < slots; i++)
        {
            byte[] actual = SHA256.HashData(code[(i * page)..Math.Min(code.Length, (i + 1) * page)]);
            if (!directory.Slice((int)hashes + i * hashSize, hashSize).SequenceEqual(actual))
                return $"page {i} is not the page that was signed";
        }

        return null;
    }

    private static (int Offset, int Size) Find(ReadOnlySpan<byte> file)
    {
        int at = 32;
        for (int i = 0; i < Little(file, 16); i++, at += Little(file, at + 4))
        {
            if (Little(file, at) == LoadCommand)
                return (Little(file, at + 8), Little(file, at + 12));
        }

        return (0, 0);
    }

    private static int Little(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static uint Big(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
