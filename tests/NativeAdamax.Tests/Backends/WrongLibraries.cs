using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Backends;

/// <summary>Libraries that are not the native library.</summary>
internal static class WrongLibraries
{
    /// <summary>What the library has, but for its version.</summary>
    public static readonly string[] Functions =
    [
        .. typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Select(method => method.Name)
            .Where(name => name.StartsWith("na_", StringComparison.Ordinal) && name != "na_abi_version"),
    ];

    /// <summary>A sound library of this platform, of the runtime's own.</summary>
    public static byte[] SomeLibrary() => File.ReadAllBytes(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(),
        OperatingSystem.IsWindows() ? "System.IO.Compression.Native.dll"
        : OperatingSystem.IsMacOS() ? "libSystem.Native.dylib"
        : "libSystem.Native.so"));

    /// <summary>The same, but its header names a CPU that this is not.</summary>
    public static byte[] ForAnotherArchitecture()
    {
        byte[] library = SomeLibrary();
        (int machine, ushort x64, ushort arm64) = library[0] switch
        {
            0x7f => (18, (ushort)62, (ushort)183), // ELF: e_machine
            (byte)'M' => (BitConverter.ToInt32(library, 0x3c) + 4, (ushort)0x8664, (ushort)0xaa64), // PE: Machine
            _ => (4, (ushort)7, (ushort)12), // Mach-O: cputype
        };
        ushort here = BitConverter.ToUInt16(library, machine);
        BitConverter.TryWriteBytes(library.AsSpan(machine), here == arm64 ? x64 : arm64);
        return library;
    }

    /// <summary>A library with our functions, which all answer with the same status.</summary>
    public static void Compile(string file, int version, string? without, int status = 1)
    {
        string source = file + ".c";
        IEnumerable<string> functions = Functions.Where(name => name != without);
        File.WriteAllLines(
            source,
            [
                $"unsigned na_abi_version(void) {{ return {version}u; }}",
                .. functions.Select(name => $"int {name}(void) {{ return {status}; }}"),
            ]);
        using Process compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-o", file, source]))!;
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
    }
}

/// <summary>A fact that needs a C compiler by the name of cc: skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute()
    {
        string[] folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (OperatingSystem.IsWindows() || !folders.Any(folder => File.Exists(Path.Combine(folder, "cc"))))
            Skip = "There is no C compiler by the name of cc on the path.";
    }
}
