using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>One line of a quick run of BenchmarkDotNet.</summary>
internal sealed record QuickResult(string Parameters, string Method, double Nanoseconds, long AllocatedBytes);

/// <summary>BenchmarkDotNet in this process and with few iterations: minutes instead of hours.</summary>
internal static class QuickRun
{
    public static IReadOnlyList<QuickResult> Of<T>()
    {
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithWarmupCount(2)
            .WithIterationCount(7);
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "native-adamax-benchmarks"));
        Summary summary = BenchmarkRunner.Run<T>(config);
        if (summary.Reports.IsEmpty || summary.HasCriticalValidationErrors)
            throw new InvalidOperationException($"{typeof(T).Name} could not be measured.");
        return [.. summary.Reports.Select(Result)];
    }

    private static QuickResult Result(BenchmarkReport report)
    {
        BenchmarkCase benchmark = report.BenchmarkCase;
        double median = report.ResultStatistics?.Median
            ?? throw new InvalidOperationException($"{benchmark.DisplayInfo} failed.");
        return new QuickResult(
            string.Join(", ", benchmark.Parameters.Items.Select(p => $"{p.Value}")),
            benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            median,
            report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0);
    }
}
