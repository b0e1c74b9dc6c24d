namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's linear_schedule: <c>init + (end - init) * c / N</c> with N = transitionSteps and c = s - transitionBegin,
/// held at init before and at end after it. An N of 0 or below means init for ever.
/// </summary>
/// <param name="initValue">The rate at first; finite, 0 or above.</param>
/// <param name="endValue">The rate in the end; finite, 0 or above.</param>
/// <param name="transitionSteps">Steps of the way.</param>
/// <param name="transitionBegin">The last step with the first rate; 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class LinearSchedule(double initValue, double endValue, long transitionSteps, long transitionBegin = 0)
    : Schedule
{
    private readonly PolynomialSchedule _way = new(initValue, endValue, 1, transitionSteps, transitionBegin);

    /// <summary>The rate at first.</summary>
    public double InitValue => _way.InitValue;

    /// <summary>The rate in the end.</summary>
    public double EndValue => _way.EndValue;

    /// <summary>Steps of the way; 0 or below: none.</summary>
    public long TransitionSteps => _way.TransitionSteps;

    /// <summary>The last step with the first rate.</summary>
    public long TransitionBegin => _way.TransitionBegin;

    /// <inheritdoc/>
    protected override double Rate(long count) => _way.At(count);
}
