using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace NativeAdamax.Tests.Interop;

/// <summary>The names that a shared library exports, from its file: 64-bit little-endian ELF, PE and Mach-O.</summary>
internal static class ExportTable
{
    public static IReadOnlyCollection<string> Read(string file)
    {
        byte[] image = File.ReadAllBytes(file);
        return BitConverter.ToUInt32(image) switch
        {
            0x464C457F => ReadElf(image),
            0xFEEDFACF => ReadMachO(image),
            uint magic when (ushort)magic == 0x5A4D => ReadPe(image),
            uint magic => throw new InvalidDataException($"{file} begins with 0x{magic:x8}, which is no ELF, PE or Mach-O"),
        };
    }

    /// <summary>The symbols of .dynsym that are defined and bound globally or weakly.</summary>
    private static List<string> ReadElf(byte[] image)
    {
        const uint dynamicSymbols = 11;
        const int symbolSize = 24;
        int sections = (int)BitConverter.ToUInt64(image, 0x28);
        int sectionSize = BitConverter.ToUInt16(image, 0x3A);
        int Section(uint index) => sections + ((int)index * sectionSize);
        uint table = 0;
        while (BitConverter.ToUInt32(image, Section(table) + 4) != dynamicSymbols)
            table++;
        uint link = BitConverter.ToUInt32(image, Section(table) + 0x28);
        int strings = (int)BitConverter.ToUInt64(image, Section(link) + 0x18);
        int start = (int)BitConverter.ToUInt64(image, Section(table) + 0x18);
        int size = (int)BitConverter.ToUInt64(image, Section(table) + 0x20);
        List<string> names = [];
        for (int symbol = start; symbol < start + size; symbol += symbolSize)
        {
            bool bound = image[symbol + 4] >> 4 is 1 or 2;
            bool defined = BitConverter.ToUInt16(image, symbol + 6) != 0;
            if (bound && defined)
                names.Add(Text(image, strings + (int)BitConverter.ToUInt32(image, symbol)));
        }
        return names;
    }

    /// <summary>The names of the export directory.</summary>
    private static List<string> ReadPe(byte[] image)
    {
        using PEReader reader = new(new MemoryStream(image));
        int directory = reader.PEHeaders.PEHeader!.ExportTableDirectory.RelativeVirtualAddress;
        if (directory == 0)
            return [];
        BlobReader exports = reader.GetSectionData(directory).GetReader();
        exports.Offset = 24;
        int count = exports.ReadInt32();
        exports.Offset = 32;
        BlobReader addresses = reader.GetSectionData(exports.ReadInt32()).GetReader();
        List<string> names = [];
        for (int i = 0; i < count; i++)
        {
            BlobReader name = reader.GetSectionData(addresses.ReadInt32()).GetReader();
            names.Add(name.ReadUTF8(name.IndexOf(0)));
        }
        return names;
    }

    /// <summary>The external defined symbols, without C's underscore.</summary>
    private static List<string> ReadMachO(byte[] image)
    {
        const uint symbolTable = 2, dynamicSymbolTable = 11;
        const int header = 32, symbolSize = 16;
        int symbols = 0, strings = 0, first = 0, count = 0;
        int command = header;
        for (uint left = BitConverter.ToUInt32(image, 16); left > 0; left--)
        {
            if (BitConverter.ToUInt32(image, command) == symbolTable)
                (symbols, strings) = (BitConverter.ToInt32(image, command + 8), BitConverter.ToInt32(image, command + 16));
            if (BitConverter.ToUInt32(image, command) == dynamicSymbolTable)
                (first, count) = (BitConverter.ToInt32(image, command + 16), BitConverter.ToInt32(image, command + 20));
            command += BitConverter.ToInt32(image, command + 4);
        }
        return [.. Enumerable.Range(first, count)
            .Select(i => Text(image, strings + BitConverter.ToInt32(image, symbols + (i * symbolSize)))[1..])];
    }

    private static string Text(byte[] image, int start) =>
        Encoding.UTF8.GetString(image, start, Array.IndexOf(image, (byte)0, start) - start);
}
