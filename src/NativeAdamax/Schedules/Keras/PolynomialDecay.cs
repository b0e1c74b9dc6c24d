namespace NativeAdamax.Schedules.Keras;

/// <summary>
/// Keras's PolynomialDecay: <c>(initial - end) * (1 - s / N)^power + end</c> with N = decaySteps, and the end from
/// there on. With a cycle N is the next multiple of decaySteps that is not below s.
/// </summary>
/// <param name="initialLearningRate">The rate at 0; finite, 0 or above.</param>
/// <param name="decaySteps">Steps of the decay; 1 or above.</param>
/// <param name="endLearningRate">The rate in the end; finite, 0 or above.</param>
/// <param name="power">The polynomial's power; finite, 0 or above.</param>
/// <param name="cycle">Go up and decay again, over ever longer ways, instead of staying at the end.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class PolynomialDecay(
    double initialLearningRate, long decaySteps, double endLearningRate = 0.0001, double power = 1, bool cycle = false)
    : Schedule
{
    /// <summary>The rate at 0.</summary>
    public double InitialLearningRate { get; } = Check.LearningRate(initialLearningRate, nameof(initialLearningRate));

    /// <summary>Steps of the decay.</summary>
    public long DecaySteps { get; } = Check.AtLeast(decaySteps, 1, nameof(decaySteps));

    /// <summary>The rate in the end.</summary>
    public double EndLearningRate { get; } = Check.LearningRate(endLearningRate, nameof(endLearningRate));

    /// <summary>The polynomial's power.</summary>
    public double Power { get; } = Check.NotNegative(power, nameof(power));

    /// <summary>Whether the rate goes up again.</summary>
    public bool Cycle { get; } = cycle;

    internal override bool IsWhole => double.IsInteger(InitialLearningRate) && InitialLearningRate > 0;

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        double x = Cycle
            ? count / ((double)DecaySteps * (count == 0 ? 1 : (count - 1) / DecaySteps + 1))
            : Curve.Progress(count, DecaySteps);
        return Curve.Polynomial(InitialLearningRate, EndLearningRate, x, Power);
    }
}
