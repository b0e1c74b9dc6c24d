using System.ComponentModel;
using System.Diagnostics;

namespace NativeAdamax.Bindings;

/// <summary>Runs ClangSharpPInvokeGenerator: the pinned .NET tool, or one built elsewhere.</summary>
internal static class Generator
{
    public const string PathVariable = "NATIVE_ADAMAX_BINDGEN";

    /// <summary>Runs it, and passes on what it says.</summary>
    /// <param name="folder">The folder of the response file, to which its paths are relative.</param>
    /// <param name="responseFile">The response file's name.</param>
    /// <returns>The C# that the generator wrote.</returns>
    /// <exception cref="BindingsException">There is no generator, or it failed or warned.</exception>
    public static string Run(string folder, string responseFile)
    {
        string output = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".cs");
        try
        {
            string[] command = [.. Command(folder), "@" + responseFile, "--output", output];
            int code = Start(folder, command, out string said);
            if (code != 0 || !File.Exists(output))
            {
                string failure = code != 0 ? $"ended with code {code}" : "wrote nothing";
                throw new BindingsException($"the generator {failure} ({string.Join(' ', command)}):\n{said}");
            }

            Console.Write(said);
            return File.ReadAllText(output);
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static string[] Command(string folder)
    {
        string? path = Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrEmpty(path))
        {
            path = Path.GetFullPath(path);
            if (!File.Exists(path))
                throw new BindingsException($"{PathVariable} names {path}, which does not exist");
            return path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", path] : [path];
        }
        if (Start(folder, ["dotnet", "tool", "restore"], out string said) != 0)
        {
            throw new BindingsException($"""
                ClangSharpPInvokeGenerator could not be restored from .config/dotnet-tools.json:
                {said.Trim()}
                Without it, set {PathVariable} to the path of a generator built elsewhere (version 16 or later).
                """);
        }
        return ["dotnet", "tool", "run", "ClangSharpPInvokeGenerator", "--"];
    }

    private static int Start(string folder, string[] command, out string said)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            said = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception error)
        {
            throw new BindingsException($"{command[0]} could not be started: {error.Message}");
        }
    }
}
