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
}
