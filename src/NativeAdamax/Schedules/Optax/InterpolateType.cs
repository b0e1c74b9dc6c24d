namespace NativeAdamax.Schedules.Optax;

/// <summary>The way from one value to the next.</summary>
public enum InterpolateType
{
    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Half a wave of the cosine.</summary>
    Cosine,
}
