using System.Globalization;
using System.Text;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>A table whose first column is text and whose others are numbers.</summary>
internal sealed class MarkdownTable(params IReadOnlyList<string> header)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    public void Add(params IReadOnlyList<string> row) => _rows.Add(row);

    public static string Size(long elements) => elements % (1 << 20) == 0
        ? $"{elements >> 20} Mi"
        : elements % (1 << 10) == 0 ? $"{elements >> 10} Ki" : elements.ToString(CultureInfo.InvariantCulture);

    /// <summary>Two digits after the point, or three significant ones below 0.1.</summary>
    public static string Number(double value) =>
        value.ToString(Math.Abs(value) < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{nanoseconds.ToString("0.0", CultureInfo.InvariantCulture)} ns",
        < 1e6 => $"{(nanoseconds / 1e3).ToString("0.00", CultureInfo.InvariantCulture)} µs",
        _ => $"{(nanoseconds / 1e6).ToString("0.00", CultureInfo.InvariantCulture)} ms",
    };

    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, header);
        text.Append("|---|").Insert(text.Length, "---:|", header.Count - 1).Append('\n');
        foreach (IReadOnlyList<string> row in _rows)
            Line(text, row);
        return text.ToString();
    }

    private static void Line(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
