using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.PyTorch;

/// <summary>
/// PyTorch's CyclicLR, of the learning rate alone: a line from base to <c>base + (max - base) * scale</c> over
/// stepSizeUp counts and one back over stepSizeDown. scale is 1, with Triangular2 2^-i in cycle i = 0, 1, ..., with
/// ExpRange gamma^e.
/// </summary>
/// <param name="baseLr">The lowest rate; finite, 0 or above.</param>
/// <param name="maxLr">The rate at the first peak, scale aside; finite, 0 or above.</param>
/// <param name="stepSizeUp">Counts of a rise; 1 or above.</param>
/// <param name="stepSizeDown">Counts of a fall; 1 or above. Null: those of a rise.</param>
/// <param name="mode">How the height of cycles changes.</param>
/// <param name="gamma">The factor of ExpRange; finite, 0 or above.</param>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class CyclicLR(
    double baseLr, double maxLr, long stepSizeUp = 2000, long? stepSizeDown = null,
    CyclicMode mode = CyclicMode.Triangular, double gamma = 1)
    : Schedule
{
    /// <summary>The lowest rate.</summary>
    public double BaseLr { get; } = Check.LearningRate(baseLr, nameof(baseLr));

    /// <summary>The rate at the first peak, scale aside.</summary>
    public double MaxLr { get; } = Check.LearningRate(maxLr, nameof(maxLr));

    /// <summary>Counts of a rise.</summary>
    public long StepSizeUp { get; } = Check.AtLeast(stepSizeUp, 1, nameof(stepSizeUp));

    /// <summary>Counts of a fall.</summary>
    public long StepSizeDown { get; } = Check.AtLeast(stepSizeDown ?? stepSizeUp, 1, nameof(stepSizeDown));

    /// <summary>How the height of cycles changes.</summary>
    public CyclicMode Mode { get; } = Check.Defined(mode, nameof(mode));

    /// <summary>The factor of <see cref="CyclicMode.ExpRange"/>.</summary>
    public double Gamma { get; } = Check.NotNegative(gamma, nameof(gamma));

    /// <inheritdoc/>
    protected override double Rate(long count)
    {
        (ulong cycle, ulong rest) = Math.DivRem((ulong)count, (ulong)StepSizeUp + (ulong)StepSizeDown);
        long passed = (long)rest;
        double height = passed <= StepSizeUp
            ? Curve.Progress(passed, StepSizeUp)
            : 1 - Curve.Progress(passed - StepSizeUp, StepSizeDown);
        double scale = Mode switch
        {
            CyclicMode.Triangular => 1,
            CyclicMode.Triangular2 => FixedMath.RealPower(0.5, cycle),
            _ => FixedMath.RealPower(Gamma, count),
        };
        return Curve.Mix(MaxLr, BaseLr, height * scale);
    }
}
