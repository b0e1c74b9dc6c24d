using System.ComponentModel;
using System.Diagnostics;

namespace NativeAdamax.Tests.Support;

/// <summary>A fact that needs Linux, and is skipped with that reason elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <param name="why">What of Linux it needs.</param>
    public LinuxFactAttribute(string why)
    {
        Why = why;
        if (!OperatingSystem.IsLinux())
            Skip = $"needs Linux: {why}";
    }

    /// <summary>What of Linux it needs.</summary>
    public string Why { get; }
}

/// <summary>A fact that mounts in a namespace of its own, which leaves nothing behind; skipped where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_missing = new(Missing);

    public NamespaceFactAttribute() => Skip = s_missing.Value;

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
            return "needs Linux: mounts in a namespace of their own";
        try
        {
            ProcessStartInfo start = new("unshare", ["-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/tmp"])
            {
                RedirectStandardError = true,
            };
            using Process probe = Process.Start(start)!;
            string error = probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0 ? null : $"a tmpfs cannot be mounted here: {error.Trim()}";
        }
        catch (Win32Exception e)
        {
            return $"unshare is not there: {e.Message}";
        }
    }
}
