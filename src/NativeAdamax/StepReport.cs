namespace NativeAdamax;

/// <summary>What one call of <see cref="Optimizer.Step()"/> did.</summary>
/// <param name="Step">Updates so far, with this one if it was one.</param>
/// <param name="LearningRate">The learning rate of the first group in this call.</param>
/// <param name="TensorsUpdated">Parameters with a gradient.</param>
/// <param name="TensorsSkipped">Parameters without one.</param>
public readonly record struct StepReport(long Step, double LearningRate, int TensorsUpdated, int TensorsSkipped)
{
    /// <summary>Whether weights moved: not where the gradients were only accumulated, or refused, or none was there.</summary>
    public bool IsUpdate { get; init; }

    /// <summary>
    /// The norm of all gradients together, unscaled and averaged, before clipping; null where nothing needed it.
    /// </summary>
    public double? GradientNorm { get; init; }

    /// <summary>The factor that clipping by norm gave the gradients, the smallest where each has its own; 1 for none.</summary>
    public double ClipCoefficient { get; init; } = 1;

    /// <summary>
    /// The factor that <see cref="OptimizerOptions.MaxUpdateNorm"/> gave the changes, the smallest of all parameters'; 1
    /// for none.
    /// </summary>
    public double UpdateCoefficient { get; init; } = 1;

    /// <summary>The loss scale that these gradients were divided by; 1 without one.</summary>
    public double LossScale { get; init; } = 1;

    /// <summary>The first parameter whose gradient was refused as infinite or NaN; null where none was.</summary>
    public Parameter? NonFiniteParameter { get; init; }

    /// <summary>The index of that gradient's first such element; -1 where none was refused.</summary>
    public long NonFiniteIndex { get; init; } = -1;
}
