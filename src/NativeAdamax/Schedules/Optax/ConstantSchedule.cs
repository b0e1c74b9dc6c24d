namespace NativeAdamax.Schedules.Optax;

/// <summary>optax's constant_schedule: the same rate for ever.</summary>
/// <param name="value">The rate; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is out of its range.</exception>
public sealed class ConstantSchedule(double value) : Schedule
{
    /// <summary>The rate.</summary>
    public double Value { get; } = Check.LearningRate(value, nameof(value));

    /// <inheritdoc/>
    protected override double Rate(long count) => Value;
}
