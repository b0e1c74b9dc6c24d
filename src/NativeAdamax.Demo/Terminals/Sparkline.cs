namespace NativeAdamax.Demo.Terminals;

/// <summary>A line of block characters whose heights follow a series on a logarithmic scale.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">Positive numbers; others are drawn as spaces.</param>
    /// <param name="width">The most characters; a longer series is thinned out evenly, its last value kept.</param>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        int count = Math.Min(values.Count, width);
        double[] shown = [.. Enumerable.Range(1, count).Select(i => values[(int)((long)i * values.Count / count) - 1])];
        double[] logs = Array.ConvertAll(
            shown, value => double.IsFinite(value) && value > 0 ? Math.Log(value) : double.NaN);
        double[] drawn = [.. logs.Where(double.IsFinite)];
        if (drawn.Length == 0)
            return string.Empty;
        double low = drawn.Min();
        double span = Math.Max(drawn.Max() - low, 1e-9);
        return string.Concat(logs.Select(log => double.IsNaN(log) ? ' ' : Blocks[(int)((log - low) / span * 7.999)]));
    }
}
