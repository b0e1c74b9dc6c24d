namespace NativeAdamax.Schedules.Optax;

/// <summary>A value that is scaled at some counts: the counts, sorted, and the value after each.</summary>
internal readonly record struct ScaledBoundaries
{
    public ScaledBoundaries(double initValue, IEnumerable<KeyValuePair<long, double>> boundariesAndScales)
    {
        ArgumentNullException.ThrowIfNull(boundariesAndScales);
        KeyValuePair<long, double>[] sorted = [.. boundariesAndScales.OrderBy(b => b.Key)];
        Counts = Boundaries.Rising(sorted.Select(b => b.Key), 0, nameof(boundariesAndScales));
        Values = new double[sorted.Length + 1];
        Values[0] = Check.LearningRate(initValue, nameof(initValue));
        for (int i = 0; i < sorted.Length; i++)
            Values[i + 1] = Values[i] * Check.NotNegative(sorted[i].Value, nameof(boundariesAndScales));
    }

    public long[] Counts { get; }

    /// <summary>The first value, and the value from each count on.</summary>
    public double[] Values { get; }
}
