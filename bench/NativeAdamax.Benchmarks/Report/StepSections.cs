using NativeAdamax.Benchmarks.Measurement;
using NativeAdamax.Engine;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>What surrounds the kernels in a step: the call, and the second thread.</summary>
internal static class StepSections
{
    public static string Calls()
    {
        var table = new MarkdownTable("tensors", "Optimizer.Step()", "the kernel", "ratio");
        foreach (StepRow r in StepTable.Measure(secondsARow: 1))
            table.Add(r.List, MarkdownTable.Time(r.StepNanoseconds), MarkdownTable.Time(r.KernelNanoseconds), MarkdownTable.Number(r.Ratio));
        return $"## What a step adds to the kernel\n\nAdam on one thread, and its kernel called once on the same list, in turn:\n\n{table}";
    }

    public static string Threads()
    {
        var table = new MarkdownTable("parameters", "one step after the other", "after 2 ms of idling");
        foreach (ForkRow r in ForkTable.Measure())
            table.Add(MarkdownTable.Size(r.Elements), MarkdownTable.Number(r.Hot), MarkdownTable.Number(r.Cold));
        string fewest = MarkdownTable.Size(2 * (long)UpdateEngine.FewestPerThread);
        return $"## When a second thread pays\n\nTime of Adam's kernel on two threads over that on one, in turn:\n\n{table}\n"
            + $"A step takes a second thread from {fewest} parameters on.\n";
    }
}
