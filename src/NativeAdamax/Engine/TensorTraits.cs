namespace NativeAdamax.Engine;

/// <summary>What one tensor has of its own.</summary>
/// <param name="RateFactor">Of the learning rate.</param>
/// <param name="DecayFactor">Of the weight decay; 0 excludes.</param>
/// <param name="NonNegative">Weights below 0 become 0.</param>
/// <param name="IsExcludedFromDecay">Whatever the factor is.</param>
internal readonly record struct TensorTraits(
    double RateFactor, double DecayFactor, bool NonNegative, bool IsExcludedFromDecay)
{
    public static readonly TensorTraits Plain = new(1, 1, false, false);
}
