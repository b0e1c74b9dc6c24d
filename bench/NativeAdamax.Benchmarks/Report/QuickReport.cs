using System.Text;
using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>The quick selection as a page of Markdown, a chart, and the table for the README.</summary>
internal sealed class QuickReport(string folder, string? native, string? peers)
{
    private const string Chart = "roof.svg";

    public void Write(string readme)
    {
        Directory.CreateDirectory(folder);
        Say("every backend beside the roof");
        RoofRow[] roof = [.. RoofTable.Measure(secondsARow: 0.2).Select(Progress)];
        RoofRow[] adam = [.. roof.Where(r => r is { Op: "adam", Memory: "library" })];
        File.WriteAllText(Path.Combine(folder, Chart), RatioChart.Render(adam, "Adam: time over that of the memory roof", Machine.Description));

        string table = Ratios(roof.Where(r => r.Memory == "library"));
        var text = new StringBuilder();
        text.Append($"# Benchmarks\n\n{Machine.Description}. {Machine.Today}.\n\n");
        text.Append("`docs/performance.md` says how to read this page. It is made by `./build.sh bench`.\n\n");
        text.Append($"## Beside the memory roof\n\n![ratio to the roof by size]({Chart})\n\n");
        text.Append("Time of a step over that of a loop with the same reads and writes, one thread, aligned memory:\n\n");
        text.Append(table).Append("\nOn ordinary .NET arrays:\n\n").Append(Ratios(roof.Where(r => r.Memory == "arrays")));
        if (native is not null)
        {
            IReadOnlyList<NativeRow> rows = NativeRow.Read(native);
            text.Append("\n## The kernels in C\n\n").Append(NativeSection.Of(rows));
            text.Append("\n## Mixed and reduced precision\n\n").Append(PrecisionSection.Of(rows));
        }

        Say("packed streams in the managed backend");
        text.Append('\n').Append(PrecisionSection.Managed());
        Section<AdamBenchmarks>(text, "A step of Adam in the ways of .NET", "one thread");
        Section<ModelBenchmarks>(text, "Whole steps of AdamW", "all threads");
        Section<EmbeddingBenchmarks>(text, "An embedding of 50,257 rows, 1024 of them touched", "all threads");
        Section<OverheadBenchmarks>(text, "What a call costs", "one thread");
        Say("what surrounds the kernels in a step");
        text.Append('\n').Append(StepSections.Calls()).Append('\n').Append(StepSections.Threads());
        if (peers is not null)
            text.Append("\n## PyTorch\n\n").Append(File.ReadAllText(peers));
        File.WriteAllText(Path.Combine(folder, "README.md"), text.ToString());
        ReadmeTable.Replace(readme, $"{Machine.Description}, {Machine.Today}:\n\n{table}");
        Say($"written: {Path.Combine(folder, "README.md")}");
    }

    private static string Ratios(IEnumerable<RoofRow> rows)
    {
        var table = new MarkdownTable(["step", .. RoofTable.Sizes.Select(s => MarkdownTable.Size(s))]);
        foreach (IGrouping<(string Op, string Backend), RoofRow> line in rows.GroupBy(r => (r.Op, r.Backend)))
        {
            table.Add([$"{line.Key.Op}, {line.Key.Backend}", .. line.Select(r => MarkdownTable.Number(r.Ratio))]);
            if (line.Key.Backend == "managed" && line.All(r => !double.IsNaN(r.ToAvx2)))
                table.Add([$"{line.Key.Op}, managed over native:avx2", .. line.Select(r => MarkdownTable.Number(r.ToAvx2))]);
        }

        IEnumerable<RoofRow> one = rows.DistinctBy(r => (r.Op, r.Elements)).Where(r => r.Op == "adam");
        table.Add(["the roof itself, ns a parameter", .. one.Select(r => MarkdownTable.Number(r.RoofNanoseconds))]);
        return table.ToString();
    }

    private static void Section<T>(StringBuilder text, string title, string threads)
    {
        Say(title);
        var table = new MarkdownTable("", "parameters", "time", "allocated, bytes");
        foreach (QuickResult r in QuickRun.Of<T>())
            table.Add(r.Method, r.Parameters, MarkdownTable.Time(r.Nanoseconds), $"{r.AllocatedBytes}");
        text.Append($"\n## {title}\n\nBenchmarkDotNet, a short run in one process, {threads}; medians. Bytes are those of the " +
            $"process, with a thread's that the pool started meanwhile:\n\n{table}");
    }

    private static RoofRow Progress(RoofRow row)
    {
        Say($"    {row.Op,-7}{MarkdownTable.Size(row.Elements),7} {row.Memory,-8}{row.Backend,-16} " +
            $"{MarkdownTable.Number(row.Nanoseconds)} ns, x {MarkdownTable.Number(row.Ratio)}");
        return row;
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
