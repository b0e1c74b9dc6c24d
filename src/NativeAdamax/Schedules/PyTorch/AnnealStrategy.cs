namespace NativeAdamax.Schedules.PyTorch;

/// <summary>The way from one value to the next.</summary>
public enum AnnealStrategy
{
    /// <summary>Half a wave of the cosine.</summary>
    Cos,

    /// <summary>A straight line.</summary>
    Linear,
}
