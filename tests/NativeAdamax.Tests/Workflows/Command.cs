using System.Diagnostics;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Workflows;

/// <summary>A program of the path that was run to its end in the root of the source tree, or in a folder below.</summary>
internal sealed record Command(int ExitCode, string Output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Runs it; the test is skipped where the path does not have it.</summary>
    public static Command Run(string program, params string[] arguments) => RunIn(Repository.Root, program, arguments);

    public static Command RunIn(string folder, string program, params string[] arguments)
    {
        string? file = Find(program);
        Skip.If(file is null, $"{program} is not installed");
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment.Remove("GITHUB_STEP_SUMMARY");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            return new Command(-1, $"{program} did not end within {Longest}");
        }

        return new Command(process.ExitCode, output.Result + error.Result);
    }

    /// <summary>Itself, if it ended well.</summary>
    public Command Succeeded()
    {
        Assert.True(ExitCode == 0, $"ended with {ExitCode}:\n{Output}");
        return this;
    }

    private static string? Find(string program)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        string[] folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return (from folder in folders
                from ending in endings
                let file = Path.Combine(folder, program + ending)
                where File.Exists(file)
                select file).FirstOrDefault();
    }
}
