namespace NativeAdamax.Schedules;

/// <summary>
/// A schedule that is more than a function of the count, as one that is told metrics: checkpoints keep what it remembers.
/// A schedule of your own takes part by implementing it.
/// </summary>
public interface IRemembers
{
    /// <summary>What it remembers, as numbers by names. Setting it replaces all of it, or refuses and changes nothing.</summary>
    /// <exception cref="ArgumentException">It is set to names or numbers that it cannot have.</exception>
    IReadOnlyDictionary<string, double> Memory { get; set; }
}

/// <summary>Numbers out of a memory, checked.</summary>
internal static class Memories
{
    /// <exception cref="ArgumentException">It is not there, or not from least to most; NaN is neither.</exception>
    public static double Number(
        this IReadOnlyDictionary<string, double> memory, string name,
        double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        if (!memory.TryGetValue(name, out double value))
            throw new ArgumentException($"What is remembered has no {name}.", nameof(memory));
        return value >= least && value <= most
            ? value
            : throw Check.OutOfRange(value, name, $"from {least} to {most}");
    }

    /// <exception cref="ArgumentException">It is not there, or no whole number from 0 to <paramref name="most"/>.</exception>
    public static int Count(this IReadOnlyDictionary<string, double> memory, string name, int most = int.MaxValue)
    {
        double value = memory.Number(name, 0, most);
        return value == Math.Floor(value) ? (int)value : throw Check.OutOfRange(value, name, "a whole number");
    }
}
