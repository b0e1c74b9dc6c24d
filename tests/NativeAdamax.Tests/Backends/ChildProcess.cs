using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeAdamax.Tests.Backends;

/// <summary>
/// A folder with this assembly, what it needs, and a native library of the test's making; run as a program.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly string[] Needed =
    [
        "NativeAdamax.Tests.dll",
        "NativeAdamax.Tests.runtimeconfig.json",
        "NativeAdamax.dll",
        "Microsoft.Extensions.Logging.Abstractions.dll",
        "Microsoft.Extensions.DependencyInjection.Abstractions.dll",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("native-adamax-");

    public ChildProcess()
    {
        foreach (string name in Needed)
        {
            string file = Path.Combine(AppContext.BaseDirectory, name);
            if (File.Exists(file))
                File.Copy(file, Path.Combine(_folder.FullName, name));
        }
    }

    /// <summary>
    /// Where the runtime looks for the native library, and finds nothing unless a test puts it there.
    /// </summary>
    public string LibraryFile => Path.Combine(_folder.FullName, LibraryName);

    public static string LibraryName =>
        OperatingSystem.IsWindows() ? "native_adamax.dll"
        : OperatingSystem.IsMacOS() ? "libnative_adamax.dylib"
        : "libnative_adamax.so";

    /// <summary>The lines that the program wrote, by name.</summary>
    public Dictionary<string, string> Run(string? backend = null, string? isa = null)
    {
        string program = Path.Combine(_folder.FullName, "NativeAdamax.Tests.dll");
        ProcessStartInfo start = new(DotnetHost, ["exec", program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["NATIVE_ADAMAX_BACKEND"] = backend;
        start.Environment["NATIVE_ADAMAX_ISA"] = isa;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode is 0 or 3, $"Exit code {process.ExitCode}: {output}{errors.Result}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.TrimEnd('\r').Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The dotnet of the runtime that runs this.</summary>
    internal static string DotnetHost => Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(),
        "../../..",
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
}
