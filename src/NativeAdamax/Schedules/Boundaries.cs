namespace NativeAdamax.Schedules;

/// <summary>Counts at which something changes.</summary>
internal static class Boundaries
{
    /// <summary>A copy of counts that rise.</summary>
    /// <exception cref="ArgumentNullException">There are none at all.</exception>
    /// <exception cref="ArgumentException">One is not above the one before it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The first is below <paramref name="least"/>.</exception>
    public static long[] Rising(IEnumerable<long> boundaries, long least, string name)
    {
        long[] rising = NotFalling(boundaries, least, name);
        for (int i = 1; i < rising.Length; i++)
        {
            if (rising[i] == rising[i - 1])
                throw new ArgumentException($"{name} must rise, but {rising[i]} stands there twice.", name);
        }

        return rising;
    }

    /// <summary>A copy of counts that do not fall.</summary>
    /// <inheritdoc cref="Rising"/>
    public static long[] NotFalling(IEnumerable<long> boundaries, long least, string name)
    {
        ArgumentNullException.ThrowIfNull(boundaries, name);
        long[] sorted = [.. boundaries];
        if (sorted.Length > 0)
            Check.AtLeast(sorted[0], least, name);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] < sorted[i - 1])
                throw new ArgumentException($"{name} must rise, but {sorted[i]} follows {sorted[i - 1]}.", name);
        }

        return sorted;
    }

    /// <summary>How many boundaries have been reached: those at or below the count.</summary>
    public static int Reached(long[] boundaries, long count)
    {
        int reached = 0;
        while (reached < boundaries.Length && boundaries[reached] <= count)
            reached++;
        return reached;
    }
}
