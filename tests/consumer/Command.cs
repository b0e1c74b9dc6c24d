using System.Diagnostics;

namespace NativeAdamax.Consumer.Tests;

/// <summary>A program that was run to its end.</summary>
internal sealed record Command(string Text, int ExitCode, string Output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>What the test host was started with would steer the SDK and the library that are run here.</summary>
    private static readonly string[] Inherited =
    [
        "MSBUILD", "VSTEST", "DOTNET_HOST", "DOTNET_ENABLE", "DOTNET_STARTUP", "DOTNET_ADDITIONAL", "NATIVE_ADAMAX",
        "LD_LIBRARY", "DYLD_",
    ];

    public static Command Run(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string name in start.Environment.Keys.Where(IsInherited).ToArray())
            start.Environment.Remove(name);
        start.Environment["PATH"] = Machine.PathWithoutCompiler;
        start.Environment["DOTNET_ROOT"] = Machine.DotnetFolder;
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string text = $"{program} {string.Join(' ', start.ArgumentList)}";
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{text} did not end within {Longest}.");
        }

        return new Command(text, process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>Itself, if it ended well.</summary>
    public Command Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Text} ended with {ExitCode}:\n{Output}");
        return this;
    }

    private static bool IsInherited(string name) =>
        Inherited.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
