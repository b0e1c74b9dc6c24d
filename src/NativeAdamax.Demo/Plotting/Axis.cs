using System.Globalization;

namespace NativeAdamax.Demo.Plotting;

/// <summary>A line of an axis: where it is, and its text, empty where the grid has a line without one.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>A linear or logarithmic axis: its range, its ticks, and where a value lies on it.</summary>
internal sealed class Axis
{
    private const double SmallestSpan = 1e-12;
    private const double SmallestLogarithmic = 1e-300;
    private const double LargestLogarithmic = 1e300;
    private const int MostIntervals = 5;
    private const int MostDecades = 8;

    // Between two ticks; 0 for a logarithmic axis.
    private readonly double _step;

    private Axis(double low, double high, double step)
    {
        Low = low;
        High = high;
        _step = step;
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>A linear axis over the finite values, widened to whole ticks if <paramref name="rounded"/>.</summary>
    public static Axis Linear(IEnumerable<double> values, bool rounded = true)
    {
        (double low, double high) = Range(values.Where(double.IsFinite), 0, 1);
        if (high - low < SmallestSpan * Math.Max(1, Math.Abs(low)))
            (low, high) = (low - 0.5, high + 0.5);
        double step = Step(high - low);
        return rounded
            ? new Axis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step)
            : new Axis(low, high, step);
    }

    /// <summary>A logarithmic axis over the values from 1e-300 to 1e300, widened to 1, 2 or 5 of a decade.</summary>
    public static Axis Logarithmic(IEnumerable<double> values)
    {
        (double low, double high) = Range(
            values.Where(value => value is >= SmallestLogarithmic and <= LargestLogarithmic), 0.1, 1);
        return new Axis(Grid(low).Last(value => value <= low), Grid(high).First(value => value >= high), step: 0);
    }

    /// <summary>0 at the low end, 1 at the high end. A logarithmic axis keeps what lies beyond at its end.</summary>
    public double Position(double value)
    {
        if (_step > 0)
            return (value - Low) / (High - Low);
        double bottom = Math.Log10(Low);
        return Low == High ? 0.5 : (Math.Log10(Math.Clamp(value, Low, High)) - bottom) / (Math.Log10(High) - bottom);
    }

    public IEnumerable<Tick> Ticks() => _step > 0 ? LinearTicks() : LogarithmicTicks();

    private IEnumerable<Tick> LinearTicks()
    {
        for (double i = Math.Ceiling((Low / _step) - 1e-9); i * _step <= High + (1e-9 * _step); i++)
            yield return new Tick(i * _step, Text(Math.Round(i * _step, 12) + 0.0));
    }

    private IEnumerable<Tick> LogarithmicTicks()
    {
        int first = (int)Math.Floor(Math.Log10(Low) + 1e-9);
        int last = (int)Math.Floor(Math.Log10(High) + 1e-9);
        int each = 1 + ((last - first) / MostDecades);
        bool narrow = last - first < 2;
        for (int decade = first; decade <= last; decade += each)
        {
            for (int digit = 1; digit <= (each == 1 ? 9 : 1); digit++)
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

    // The smallest of 1, 2 and 5 times a power of ten that divides the span into at most five.
    private static double Step(double span)
    {
        double least = span / MostIntervals * (1 - SmallestSpan);
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double ratio = least / power;
        return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
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
