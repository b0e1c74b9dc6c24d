namespace NativeAdamax.Dialects;

/// <summary>What schedules decide anew at every step.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Beta1">Where a schedule cycles it; null: the recipe's.</param>
internal readonly record struct StepRates(double LearningRate, double? Beta1);
