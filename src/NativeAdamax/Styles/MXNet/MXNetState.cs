namespace NativeAdamax.Styles.MXNet;

/// <summary>The state of one weight, in memory of the caller's.</summary>
/// <param name="Mean">m in float32, as long as the weight; zeros before the first step.</param>
/// <param name="Variance">v, or u of Adamax, in float32, as long; zeros before the first step.</param>
public sealed record MXNetState(NDArray Mean, NDArray Variance)
{
    /// <summary>
    /// Of a weight in float16: its float32 copy, which steps update and round to the weight. Null of others.
    /// </summary>
    public NDArray? Master { get; init; }
}
