namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's polynomial_schedule: <c>(init - end) * (1 - c / N)^power + end</c> with N = transitionSteps and c = s -
/// transitionBegin, held at init before and at end after it. An N of 0 or below means init for ever.
/// </summary>
/// <param name="initValue">The rate at first; finite, 0 or above.</param>
/// <param name="endValue">The rate in the end; finite, 0 or above.</param>
/// <param name="power">The polynomial's power; finite, 0 or above.</param>
/// <param name="transitionSteps">Steps of the way.</param>
/// <param name="transitionBegin">The last step with the first rate; 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class PolynomialSchedule(
    double initValue, double endValue, double power, long transitionSteps, long transitionBegin = 0)
    : Schedule
{
    /// <summary>The rate at first.</summary>
    public double InitValue { get; } = Check.LearningRate(initValue, nameof(initValue));

    /// <summary>The rate in the end.</summary>
    public double EndValue { get; } = Check.LearningRate(endValue, nameof(endValue));

    /// <summary>The polynomial's power.</summary>
    public double Power { get; } = Check.NotNegative(power, nameof(power));

    /// <summary>Steps of the way; 0 or below: none.</summary>
    public long TransitionSteps { get; } = transitionSteps;

    /// <summary>The last step with the first rate.</summary>
    public long TransitionBegin { get; } = Check.AtLeast(transitionBegin, 0, nameof(transitionBegin));

    /// <inheritdoc/>
    protected override double Rate(long count) => TransitionSteps <= 0
        ? InitValue
        : Curve.Polynomial(InitValue, EndValue, Curve.Progress(count - TransitionBegin, TransitionSteps), Power);
}
