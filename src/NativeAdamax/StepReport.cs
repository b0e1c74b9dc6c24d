namespace NativeAdamax;

/// <summary>What one call of <see cref="Optimizer.Step()"/> did.</summary>
/// <param name="Step">Steps so far, with this one.</param>
/// <param name="LearningRate">The learning rate of the first group in this step.</param>
/// <param name="TensorsUpdated">Parameters with a gradient.</param>
/// <param name="TensorsSkipped">Parameters without one.</param>
public readonly record struct StepReport(long Step, double LearningRate, int TensorsUpdated, int TensorsSkipped);
