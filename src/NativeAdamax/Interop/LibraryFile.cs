using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NativeAdamax.Interop;

/// <summary>
/// Why a library did not load, from the file's own header: loaders say "not found" of a file for another CPU, and list
/// every name they tried of one that is missing.
/// </summary>
internal static class LibraryFile
{
    private const int Header = 64;
    private const int Read = 1024;

    private static string Name =>
        OperatingSystem.IsWindows() ? "native_adamax.dll"
        : OperatingSystem.IsMacOS() ? "libnative_adamax.dylib"
        : "libnative_adamax.so";

    /// <summary>A sentence; the loader's own words where the file does not show what is wrong with it.</summary>
    public static string WhyNotLoaded(string loaderMessage)
    {
        List<string> folders = Folders();
        string? file = folders.Select(folder => Path.Combine(folder, Name)).FirstOrDefault(Path.Exists);
        if (file is null)
            return $"The native library was not found: no {Name} in {string.Join(" or ", folders)}.";

        string loader = Array.Find(loaderMessage.Split('\n'), line => line.Contains(file, StringComparison.Ordinal))
            ?? loaderMessage;
        try
        {
            return $"The native library {file} cannot be loaded: {FaultOf(file) ?? loader.Trim()}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The native library {file} cannot be read: {e.Message}";
        }
    }

    /// <summary>Where the runtime looks: beside the program, and in the folders that its host names.</summary>
    private static List<string> Folders()
    {
        string named = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        IEnumerable<string> folders = named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend(AppContext.BaseDirectory);
        return [.. folders.Select(Path.TrimEndingDirectorySeparator).Distinct()];
    }

    private static string? FaultOf(string file)
    {
        Span<byte> header = stackalloc byte[Read];
        header.Clear();
        using FileStream stream = File.OpenRead(file);
        int length = stream.ReadAtLeast(header, Read, throwOnEndOfStream: false);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        string? expected =
            OperatingSystem.IsWindows() ? magic >> 16 == 0x4d5a ? null : "a DLL"
            : OperatingSystem.IsMacOS() ? magic is 0xcffaedfe or 0xcafebabe ? null : "a Mach-O library"
            : magic == 0x7f454c46 ? null : "an ELF library";
        if (expected is not null)
            return $"it is not {expected}.";
        if (length < Header)
            return $"its header is cut after {length} bytes.";

        Architecture? built = magic switch
        {
            0x7f454c46 => Elf(BinaryPrimitives.ReadUInt16LittleEndian(header[18..])),
            0xcffaedfe => MachO(BinaryPrimitives.ReadUInt32LittleEndian(header[4..])),
            0xcafebabe => null,
            _ => Pe(header),
        };
        return built is { } other && other != RuntimeInformation.ProcessArchitecture
            ? $"it is for {other}, and this process is {RuntimeInformation.ProcessArchitecture}."
            : null;
    }

    private static Architecture? Elf(ushort machine) => machine switch
    {
        3 => Architecture.X86,
        40 => Architecture.Arm,
        62 => Architecture.X64,
        183 => Architecture.Arm64,
        _ => null,
    };

    private static Architecture? Pe(ReadOnlySpan<byte> header)
    {
        uint machine = BinaryPrimitives.ReadUInt32LittleEndian(header[0x3c..]) + 4;
        if (machine > Read - sizeof(ushort))
            return null;

        return BinaryPrimitives.ReadUInt16LittleEndian(header[(int)machine..]) switch
        {
            0x014c => Architecture.X86,
            0x8664 => Architecture.X64,
            0xaa64 => Architecture.Arm64,
            _ => null,
        };
    }

    private static Architecture? MachO(uint cpu) => cpu switch
    {
        0x01000007 => Architecture.X64,
        0x0100000c => Architecture.Arm64,
        _ => null,
    };
}
