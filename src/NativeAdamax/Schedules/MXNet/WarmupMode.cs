namespace NativeAdamax.Schedules.MXNet;

/// <summary>The rate before the schedule begins.</summary>
public enum WarmupMode
{
    /// <summary>It rises from the begin rate to the base rate.</summary>
    Linear,

    /// <summary>It stays at the begin rate.</summary>
    Constant,
}
