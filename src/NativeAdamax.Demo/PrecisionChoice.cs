namespace NativeAdamax.Demo;

/// <summary>What a user can ask to be kept in fewer bits, by name; each is a <see cref="PrecisionPlan"/>.</summary>
internal enum PrecisionChoice
{
    Float32,
    Gradient,
    Moments,
    Average,
    EightBit,
    Dynamic,
    FourBit,
    BFloat16,
    Half,
    Rest16,
    Rest8,
    Random,
    Nearest,
    Small,

    /// <summary>All of them, one after the other.</summary>
    All,
}
