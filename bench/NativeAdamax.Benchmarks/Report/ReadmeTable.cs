namespace NativeAdamax.Benchmarks.Report;

/// <summary>The part of the README that the report fills in.</summary>
internal static class ReadmeTable
{
    private const string Begin = "<!-- benchmarks: written by build.sh bench -->\n";
    private const string End = "<!-- end of benchmarks -->";

    /// <exception cref="InvalidOperationException">The README has no place for it.</exception>
    public static void Replace(string file, string table)
    {
        string text = File.ReadAllText(file);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"{file} has no lines {Begin.Trim()} and {End}.");
        File.WriteAllText(file, $"{text[..(begin + Begin.Length)]}\n{table}\n{text[end..]}");
    }
}
