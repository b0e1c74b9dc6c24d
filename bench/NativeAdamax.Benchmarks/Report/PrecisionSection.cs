using System.Globalization;
using System.Text;
using NativeAdamax.Benchmarks.Measurement;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>Packed streams, a combination of formats a line: the rows of the C benchmark, and the managed backend's.</summary>
internal static class PrecisionSection
{
    public static string Of(IReadOnlyList<NativeRow> all)
    {
        NativeRow[] rows = [.. all.Where(r => r.Moved > 0 && r.Isa == all[0].Isa)];
        var text = new StringBuilder();
        text.Append($"{all[0].Isa}. Bytes a parameter that a step moves, and that are kept between steps (weights, gradient, " +
            "moments, and what belongs to them); how many times as fast as float32 a step is; and its time over that of a loop " +
            "that moves the same bytes and computes next to nothing.\n");
        foreach (IGrouping<int, NativeRow> part in rows.GroupBy(r => r.Threads))
        {
            long[] sizes = [.. part.Select(r => r.Elements).Distinct().Order()];
            var table = new MarkdownTable(
            [
                "", "moved", "kept",
                .. sizes.Select(s => $"{MarkdownTable.Size(s)}: speed"), .. sizes.Select(s => $"{MarkdownTable.Size(s)}: over its bytes"),
            ]);
            foreach (IGrouping<string, NativeRow> line in part.GroupBy(r => r.Op))
            {
                NativeRow any = line.First();
                table.Add(
                [
                    any.Op, Bytes(any.Moved), Bytes(any.Kept),
                    .. sizes.Select(s => Cell(line, s, "f32", ratio => 1 / ratio)), .. sizes.Select(s => Cell(line, s, "roof", ratio => ratio)),
                ]);
            }

            text.Append($"\n{part.Key} thread{(part.Key > 1 ? "s" : "")}:\n\n{table}");
        }

        return text.ToString();
    }

    public static string Managed()
    {
        IReadOnlyList<int> sizes = ManagedPackedTable.Sizes;
        var table = new MarkdownTable(
        [
            "", .. sizes.Select(s => $"{MarkdownTable.Size(s)}: ns a parameter"), .. sizes.Select(s => $"{MarkdownTable.Size(s)}: speed"),
        ]);
        foreach (IGrouping<string, ManagedPackedRow> line in ManagedPackedTable.Measure(secondsARow: 4).GroupBy(r => r.Name))
        {
            table.Add(
                [line.Key, .. line.Select(r => MarkdownTable.Number(r.Nanoseconds)), .. line.Select(r => MarkdownTable.Number(r.Speed))]);
        }

        return "## Packed streams in the managed backend\n\n" +
            $"`Optimizer.Step()` on one thread, in turn; how many times as fast as managed float32 a step is:\n\n{table}";
    }

    /// <summary>A figure, and where it misses its target this too.</summary>
    private static string Cell(IEnumerable<NativeRow> line, long elements, string reference, Func<double, double> told)
    {
        NativeRow? row = line.FirstOrDefault(r => r.Elements == elements && r.Reference == reference);
        if (row is null)
            return "";
        string figure = MarkdownTable.Number(told(row.Ratio));
        return row.Missed ? $"**{figure}** ({MarkdownTable.Number(told(row.Limit))})" : figure;
    }

    private static string Bytes(double bytes) => bytes.ToString("0.0", CultureInfo.InvariantCulture);
}
