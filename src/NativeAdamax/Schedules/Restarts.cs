namespace NativeAdamax.Schedules;

/// <summary>Cycles of which each is a factor longer than the one before: where in them a count lies.</summary>
internal static class Restarts
{
    /// <summary>The cycle (0, 1, ...), and the part of it that has passed, from 0 up to but not including 1.</summary>
    /// <param name="count">0 or above.</param>
    /// <param name="first">Steps of the first cycle.</param>
    /// <param name="factor">1 or above.</param>
    public static (long Cycle, double Progress) Locate(long count, long first, double factor)
    {
        if (factor == 1)
            return (count / first, (double)(count % first) / first);

        // The last cycle whose start first * (1 + factor + ... + factor^(cycle - 1)) is not after the count. Whole
        // numbers are exact; other sums can be rounded past the count on which they fall, which would get the floor
        // instead of the peak.
        double rounding = factor == Math.Floor(factor) ? 0 : 1.0 / (1L << 52);
        long low = 0, high = count / first;
        while (low < high)
        {
            long middle = high - (high - low) / 2;
            if (first * Series(factor, middle).Sum <= count * (1 + middle * rounding))
                low = middle;
            else
                high = middle - 1;
        }

        (double start, double length) = Series(factor, low);
        return (low, Math.Clamp((count - first * start) / (first * length), 0, 1));
    }

    /// <summary>1 + factor + ... + factor^(n - 1), and factor^n, by doubling: no difference of large powers.</summary>
    private static (double Sum, double Power) Series(double factor, long n)
    {
        double sum = 0, power = 1;
        for (int bit = 63 - (int)long.LeadingZeroCount(n); bit >= 0; bit--)
        {
            sum *= 1 + power;
            power *= power;
            if ((n >> bit & 1) != 0)
            {
                sum += power;
                power *= factor;
            }
        }

        return (sum, power);
    }
}
