namespace NativeAdamax.Tests.Support;

/// <summary>A theory that needs Linux, and is skipped with that reason elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    /// <param name="why">What of Linux it needs.</param>
    public LinuxTheoryAttribute(string why)
    {
        Why = why;
        if (!OperatingSystem.IsLinux())
            Skip = $"needs Linux: {why}";
    }

    /// <summary>What of Linux it needs.</summary>
    public string Why { get; }
}
