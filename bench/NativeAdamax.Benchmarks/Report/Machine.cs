using System.Globalization;
using System.Runtime.InteropServices;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>What a report is about.</summary>
internal static class Machine
{
    public static string Description =>
        $"{Cpu()}, {Environment.ProcessorCount} CPUs, {RuntimeInformation.OSDescription.Trim()}, " +
        $"{RuntimeInformation.FrameworkDescription}, {Selected}";

    private static BackendSelection Selected => new(Backend.Info.Kind, Backend.Info.Isa);

    public static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Cpu()
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':') + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
