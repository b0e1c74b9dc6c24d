namespace NativeAdamax.Styles.MXNet;

/// <summary>The state of one weight, in memory of the caller's.</summary>
/// <param name="Mean">m, as long as the weight; zeros before the first step.</param>
/// <param name="Variance">v, or u of Adamax, as long; zeros before the first step.</param>
public sealed record MXNetState(NDArray Mean, NDArray Variance);
