namespace NativeAdamax;

/// <summary>An exponential moving average of the weights: a = a + (1 - momentum) * (w - a) after every step.</summary>
public sealed record EmaOptions
{
    /// <summary>
    /// From 0 to 1; the higher, the longer the memory. Null: the dialect's default, 0.99, or 0.999 for PyTorch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0, above 1 or NaN.</exception>
    public double? Momentum
    {
        get;
        init => field = value is { } given ? Check.Momentum(given) : null;
    }

    /// <summary>
    /// True: the first update copies the weights (Keras, PyTorch). False: the weights at construction are the first
    /// average (tf_keras). Null: as the dialect does.
    /// </summary>
    public bool? CopyAtFirstUpdate { get; init; }

    /// <summary>
    /// Every how many updates the weights become their averages; 0: never, as it is at first. Keras's
    /// ema_overwrite_frequency.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int OverwriteFrequency
    {
        get;
        init => field = value >= 0 ? value : throw Check.OutOfRange(value, nameof(OverwriteFrequency), "0 or above");
    }

    /// <summary>
    /// The average from zeros divided by 1 - momentum^n, so that the first steps are not drawn to zero (optax.ema's
    /// debias). Momentum below 1; not together with <see cref="WarmUp"/>.
    /// </summary>
    public bool ZeroDebias { get; init; }

    /// <summary>momentum at update n (0, 1, ...) is at most (1 + n) / (10 + n), as TensorFlow's moving averages have it.</summary>
    public bool WarmUp { get; init; }
}
