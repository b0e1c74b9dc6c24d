using System.Text;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>The rows of the C benchmark as tables: an op a line, a size a column.</summary>
internal static class NativeSection
{
    public static string Of(IReadOnlyList<NativeRow> all)
    {
        NativeRow[] rows = [.. all.Where(r => r.Moved == 0)];
        var text = new StringBuilder();
        string best = rows[0].Isa;
        text.Append($"Ratios to the roof of each op's own reads and writes, {best}. Against `divider`: to one divide and one " +
            "square root an element.\n");
        foreach (IGrouping<(string Layout, int Threads), NativeRow> part in rows
            .Where(r => r.Isa == best && r.Reference is "roof" or "divider" && !r.Op.Contains(','))
            .GroupBy(r => (r.Layout, r.Threads)))
        {
            long[] sizes = [.. part.Select(r => r.Elements).Distinct().Order()];
            var table = new MarkdownTable(["", .. sizes.Select(MarkdownTable.Size)]);
            foreach (IGrouping<(string Op, string Reference), NativeRow> line in part.GroupBy(r => (r.Op, r.Reference)))
            {
                table.Add(
                [
                    line.Key.Reference == "roof" ? line.Key.Op : $"{line.Key.Op} against the divider",
                    .. sizes.Select(s => line.FirstOrDefault(r => r.Elements == s) is { } r ? Cell(r) : ""),
                ]);
            }

            text.Append($"\n{Memory(part.Key.Layout)}, {part.Key.Threads} thread{(part.Key.Threads > 1 ? "s" : "")}:\n\n{table}");
        }

        var rest = new MarkdownTable("", "instruction set", "ns a parameter", "over", "ratio");
        foreach (NativeRow row in rows.Where(r => r.Op.Contains(',')))
            rest.Add(row.Op, row.Isa, MarkdownTable.Number(row.Nanoseconds), row.Reference, Cell(row));
        return text.Append($"\nDenormal numbers and lists of tensors:\n\n{rest}").ToString();
    }

    private static string Cell(NativeRow row) =>
        row.Missed ? $"**{MarkdownTable.Number(row.Ratio)}** ({MarkdownTable.Number(row.Limit)})" : MarkdownTable.Number(row.Ratio);

    private static string Memory(string layout) => layout == "library"
        ? "The library's memory"
        : $"Arrays {layout["arrays-".Length..]} bytes apart modulo 4096";
}
