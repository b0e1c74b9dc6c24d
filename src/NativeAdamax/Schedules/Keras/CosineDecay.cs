namespace NativeAdamax.Schedules.Keras;

/// <summary>
/// Keras's CosineDecay: <c>initial * ((1 - alpha) * (1 + cos(pi s / N)) / 2 + alpha)</c> with N = decaySteps, and the
/// floor <c>initial * alpha</c> from there on. With a target it first rises from initial to target over warmupSteps,
/// then decays from the target over N more steps, to <c>target * alpha</c>.
/// </summary>
/// <param name="initialLearningRate">The rate at 0; finite, 0 or above.</param>
/// <param name="decaySteps">Steps of the decay, without those of the warm-up; 1 or above.</param>
/// <param name="alpha">The floor as a part of the rate that decays; finite, 0 or above.</param>
/// <param name="warmupTarget">The rate after the warm-up; finite, 0 or above. Null: no warm-up.</param>
/// <param name="warmupSteps">Steps of the warm-up; 0 or above. Without a target they are ignored, as in Keras.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CosineDecay(
    double initialLearningRate, long decaySteps, double alpha = 0, double? warmupTarget = null, long warmupSteps = 0)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitialLearningRate { get; } = Check.LearningRate(initialLearningRate, nameof(initialLearningRate));

    /// <summary>Steps of the decay, without those of the warm-up.</summary>
    public long DecaySteps { get; } = Check.AtLeast(decaySteps, 1, nameof(decaySteps));

    /// <summary>The floor as a part of the rate that decays.</summary>
    public double Alpha { get; } = Check.NotNegative(alpha, nameof(alpha));

    /// <summary>The rate after the warm-up; null: no warm-up.</summary>
    public double? WarmupTarget { get; } =
        warmupTarget is { } target ? Check.LearningRate(target, nameof(warmupTarget)) : null;

    /// <summary>Steps of the warm-up, ignored without a target.</summary>
    public long WarmupSteps { get; } = Check.AtLeast(warmupSteps, 0, nameof(warmupSteps));

    internal override bool IsWhole => double.IsInteger(InitialLearningRate) && InitialLearningRate > 0;

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        if (WarmupTarget is not { } target)
            return Decayed(InitialLearningRate, count);
        return count < WarmupSteps
            ? Curve.Linear(InitialLearningRate, target, Curve.Progress(count, WarmupSteps))
            : Decayed(target, count - WarmupSteps);
    }

    private double Decayed(double from, long count) =>
        Curve.Cosine(from, from * Alpha, Curve.Progress(count, DecaySteps));
}
