using System.Globalization;

namespace NativeAdamax.Demo.Plotting;

/// <summary>A line of an axis: where it is, and its text, empty where the grid has a line without one.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>A linear or logarithmic axis: its range, its ticks, and where a value lies on it.</summary>
internal sealed class Axis
{
    private const double SmallestSpan = 1e-12;

    private readonly bool _logarithmic;

    private Axis(double low, double high, bool logarithmic)
    {
        Low = low;
        High = high;
        _logarithmic = logarithmic;
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>A linear axis over the finite values, widened to whole ticks where <paramref name="rounded"/>.</summary>
    public static Axis Linear(IEnumerable<double> values, bool rounded = true)
    {
        (double low, double high) = Range(values.Where(double.IsFinite), 0, 1);
        if (high - low < SmallestSpan * Math.Max(1, Math.Abs(low)))
            (low, high) = (low - 0.5, high + 0.5);
        if (!rounded)
            return new Axis(low, high, logarithmic: false);
        double step = Step(high - low);
        return new Axis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, logarithmic: false);
    }

    /// <summary>A logarithmic axis over the finite positive values, widened to whole decades or to 2 or 5 of one.</summary>
    public static Axis Logarithmic(IEnumerable<double> values)
    {
        (double low, double high) = Range(values.Where(value => double.IsFinite(value) && value > 0), 0.1, 1);
        low = Math.Max(low, 1e-300);
        return new Axis(Grid(low).Last(value => value <= low), Grid(high).First(value => value >= high), logarithmic: true);
    }

    /// <summary>0 at the low end, 1 at the high end. A logarithmic axis has its low end for all that is not positive.</summary>
    public double Position(double value)
    {
        if (!_logarithmic)
            return (value - Low) / (High - Low);
        return Low == High ? 0.5 : Math.Log10(Math.Max(value, Low) / Low) / Math.Log10(High / Low);
    }

    public IEnumerable<Tick> Ticks() => _logarithmic ? LogarithmicTicks() : LinearTicks();

    private IEnumerable<Tick> LinearTicks()
    {
        double step = Step(High - Low);
        for (double i = Math.Ceiling((Low / step) - 1e-9); i * step <= High + (1e-9 * step); i++)
            yield return new Tick(i * step, Text(Math.Round(i * step, 12) + 0.0));
    }

    private IEnumerable<Tick> LogarithmicTicks()
    {
        bool narrow = High / Low < 100;
        int first = (int)Math.Floor(Math.Log10(Low) + 1e-9);
        for (int decade = first; Math.Pow(10, decade) <= High * 1.000001; decade++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double value = digit * Math.Pow(10, decade);
                bool labelled = digit == 1 || (narrow && digit is 2 or 5);
                if (value >= Low * 0.999999 && value <= High * 1.000001)
                    yield return new Tick(value, labelled ? Text(value) : string.Empty);
            }
        }
    }

    // 1, 2 and 5 of the decades around a value.
    private static IEnumerable<double> Grid(double around)
    {
        int decade = (int)Math.Floor(Math.Log10(around));
        for (int i = decade - 1; i <= decade + 1; i++)
        {
            foreach (int digit in (int[])[1, 2, 5])
                yield return digit * Math.Pow(10, i);
        }
    }

    // 1, 2 or 5 times a power of ten, so that four to eight ticks fit.
    private static double Step(double span)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        double ratio = span / 4 / power;
        return power * (ratio >= 5 ? 5 : ratio >= 2 ? 2 : 1);
    }

    private static (double Low, double High) Range(IEnumerable<double> values, double low, double high)
    {
        double[] all = [.. values];
        return all.Length == 0 ? (low, high) : (all.Min(), all.Max());
    }

    private static string Text(double value) =>
        Math.Abs(value) is >= 1e-4 and < 1e7 || value == 0
            ? value.ToString("0.#####", CultureInfo.InvariantCulture)
            : value.ToString("0.##e0", CultureInfo.InvariantCulture);
}
