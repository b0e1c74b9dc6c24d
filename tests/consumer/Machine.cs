using System.Runtime.InteropServices;

namespace NativeAdamax.Consumer.Tests;

/// <summary>What this machine is and has.</summary>
internal static class Machine
{
    private static readonly string[] Compilers = ["cc", "gcc", "clang", "c99", "cl.exe", "gcc.exe", "clang-cl.exe"];

    public static string Rid { get; } =
        System() + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The folder of the dotnet that runs this.</summary>
    public static string DotnetFolder { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    public static string Dotnet { get; } = Path.Combine(DotnetFolder, Program("dotnet"));

    /// <summary>The search path of everything that is run here: .NET, and no C compiler.</summary>
    public static string PathWithoutCompiler
    {
        get
        {
            string path = OperatingSystem.IsWindows()
                ? DotnetFolder + Path.PathSeparator + Environment.SystemDirectory
                : DotnetFolder;
            Assert.DoesNotContain(path.Split(Path.PathSeparator), HasCompiler);
            return path;
        }
    }

    public static string Program(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    /// <summary>A tool on the path, or at one of the places named; the test is skipped where there is none.</summary>
    public static string Tool(string name, params string[] places)
    {
        string[] path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        IEnumerable<string> candidates = places.Concat(path.Select(folder => Path.Combine(folder, Program(name))));
        string? file = candidates.FirstOrDefault(File.Exists);
        Skip.If(file is null, $"{name} is not installed.");
        return file;
    }

    private static bool HasCompiler(string folder) =>
        Compilers.Any(compiler => File.Exists(Path.Combine(folder, compiler)));

    private static string System() =>
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            || RuntimeInformation.RuntimeIdentifier.Contains("alpine", StringComparison.Ordinal) ? "linux-musl"
        : "linux";
}
