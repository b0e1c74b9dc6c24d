using System.Diagnostics;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>
/// Programs in Python beside docs/python/native_adamax.py, run by an interpreter that has the modules they need.
/// </summary>
internal static class Python
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string?> Known = [];

    /// <summary>Runs a program to its good end; the test is skipped where no Python has these modules.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string folder, string modules, string program)
    {
        string? python = With(modules);
        Skip.If(python is null, $"there is no python3 with {modules}");
        (int code, string output, string error) = Start(python!, folder, program);
        Assert.True(code == 0, $"ended with {code}:\n{error}");
        return output.ReplaceLineEndings("\n");
    }

    private static string? With(string modules)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(modules, out string? python))
            {
                Known[modules] = python = Candidates().FirstOrDefault(
                    file => Start(file, Path.GetTempPath(), $"import {modules}").Code == 0);
            }

            return python;
        }
    }

    /// <summary>That of the system has the system's packages, whatever comes first on the path.</summary>
    private static IEnumerable<string> Candidates()
    {
        string[] folders = ["/usr/bin", .. Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? []];
        string[] names = OperatingSystem.IsWindows() ? ["python.exe"] : ["python3"];
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .Where(File.Exists).Distinct();
    }

    private static (int Code, string Output, string Error) Start(string python, string folder, string program)
    {
        ProcessStartInfo start = new(python, ["-B", "-c", program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["PYTHONPATH"] = Path.Combine(Repository.Root, "docs", "python");
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "", $"it did not end within {Longest}");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}
