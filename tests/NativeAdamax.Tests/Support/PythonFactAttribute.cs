using System.ComponentModel;
using System.Diagnostics;

namespace NativeAdamax.Tests.Support;

/// <summary>A fact that runs Python with numpy; skipped, with the reason, where that is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_python = new(() => Candidates.FirstOrDefault(HasNumpy));

    public PythonFactAttribute()
    {
        if (s_python.Value is null)
            Skip = "needs python3 with numpy (Debian: python3-numpy; another one: NATIVE_ADAMAX_PYTHON)";
    }

    /// <summary>The program.</summary>
    internal static string Python => s_python.Value!;

    private static string[] Candidates =>
        Environment.GetEnvironmentVariable("NATIVE_ADAMAX_PYTHON") is { Length: > 0 } given
            ? [given]
            : ["python3", "/usr/bin/python3", "python"];

    private static bool HasNumpy(string python)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-c", "import numpy"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
