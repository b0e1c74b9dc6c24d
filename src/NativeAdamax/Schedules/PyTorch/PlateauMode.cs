namespace NativeAdamax.Schedules.PyTorch;

/// <summary>What a metric should become.</summary>
public enum PlateauMode
{
    /// <summary>Small, like a loss.</summary>
    Min,

    /// <summary>Large, like an accuracy.</summary>
    Max,
}
