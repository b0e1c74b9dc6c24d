using System.Globalization;

namespace NativeAdamax.Benchmarks.Report;

/// <summary>A row that the C benchmark wrote.</summary>
/// <remarks>Moved and kept are bytes a parameter, 0 in rows of float32 alone.</remarks>
internal sealed record NativeRow(
    string Op, string Isa, long Elements, string Layout, int Threads, double Nanoseconds, string Reference, double Ratio, double Limit,
    double Moved, double Kept)
{
    public bool Missed => Limit > 0 && Ratio > Limit;

    public static IReadOnlyList<NativeRow> Read(string file) => [.. File.ReadLines(file).Skip(1).Select(Parse)];

    private static NativeRow Parse(string line)
    {
        string[] f = line.Split('\t');
        return new NativeRow(
            f[0], f[1], long.Parse(f[2], CultureInfo.InvariantCulture), f[3], int.Parse(f[4], CultureInfo.InvariantCulture),
            Number(f[5]), f[6], Number(f[8]), Number(f[9]), Number(f[10]), Number(f[11]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
