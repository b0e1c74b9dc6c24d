namespace NativeAdamax.Dialects;

/// <summary>What schedules and a tensor's own factors decide anew at every step.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Beta1">Where a schedule cycles it; null: the recipe's.</param>
internal readonly record struct StepRates(double LearningRate, double? Beta1)
{
    /// <summary>Factor of the recipe's weight decay.</summary>
    public double DecayFactor { get; init; } = 1;
}
