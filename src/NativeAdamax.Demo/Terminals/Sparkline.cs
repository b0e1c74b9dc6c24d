namespace NativeAdamax.Demo.Terminals;

/// <summary>A line of block characters whose heights follow a series.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">Those that are not finite, or have no logarithm on that scale, are drawn as spaces.</param>
    /// <param name="width">The most characters; a longer series is thinned out evenly, its last value kept.</param>
    /// <param name="logarithmic">The scale.</param>
    public static string Of(IReadOnlyList<double> values, int width, bool logarithmic = true)
    {
        int count = Math.Min(values.Count, width);
        double[] shown = [.. Enumerable.Range(1, count).Select(i => values[(int)((long)i * values.Count / count) - 1])];
        double[] heights = logarithmic
            ? Array.ConvertAll(shown, value => value > 0 ? Math.Log(value) : double.NaN)
            : shown;
        double[] drawn = [.. heights.Where(double.IsFinite)];
        if (drawn.Length == 0)
            return string.Empty;
        double low = drawn.Min();
        double span = Math.Max(drawn.Max() - low, 1e-9);
        return string.Concat(heights.Select(
            height => double.IsFinite(height) ? Blocks[(int)((height - low) / span * 7.999)] : ' '));
    }
}
