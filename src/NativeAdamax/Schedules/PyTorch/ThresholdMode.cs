namespace NativeAdamax.Schedules.PyTorch;

/// <summary>What a threshold of improvement is measured in.</summary>
public enum ThresholdMode
{
    /// <summary>Parts of the best metric.</summary>
    Rel,

    /// <summary>The metric's unit.</summary>
    Abs,
}
