using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's MultiStepLR: <c>base * gamma^k</c> where k milestones are at or below e.</summary>
/// <param name="baseLr">The rate at 0; finite, 0 or above.</param>
/// <param name="milestones">
/// The counts of the drops; 0 or above, not falling. One that is repeated drops as often.
/// </param>
/// <param name="gamma">The factor of a drop; finite, 0 or above.</param>
/// <exception cref="ArgumentNullException"><paramref name="milestones"/> is null.</exception>
/// <exception cref="ArgumentException">The milestones fall.</exception>
/// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
public sealed class MultiStepLR(double baseLr, IEnumerable<long> milestones, double gamma = 0.1) : FactorLR(baseLr)
{
    private readonly long[] _milestones = Boundaries.NotFalling(milestones, 0, nameof(milestones));

    /// <summary>The counts of the drops.</summary>
    public IReadOnlyList<long> Milestones => _milestones;

    /// <summary>The factor of a drop.</summary>
    public double Gamma { get; } = Check.NotNegative(gamma, nameof(gamma));

    /// <inheritdoc/>
    protected override double Factor(long count) =>
        FixedMath.RealPower(Gamma, Boundaries.Reached(_milestones, count));
}
