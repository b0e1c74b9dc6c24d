using System.Collections.Immutable;

namespace NativeAdamax.Styles.Optax;

/// <summary>
/// What a transformation carries from one update to the next. Never changed: an update answers with a new one.
/// </summary>
public abstract record TransformState;

/// <summary>The state of what has none.</summary>
public sealed record EmptyState : TransformState;

/// <summary>Of a chain: one state a link, in order.</summary>
public sealed record ChainState(ImmutableArray<TransformState> States) : TransformState;

/// <summary>Of Adam, Nadam and Adamax.</summary>
/// <param name="Count">Updates so far.</param>
/// <param name="Mu">The first moments.</param>
/// <param name="Nu">The second moments; of Adamax the infinity norms.</param>
public record ScaleByAdamState(long Count, Tree Mu, Tree Nu) : TransformState;

/// <summary>Of AMSGrad.</summary>
/// <param name="Count">Updates so far.</param>
/// <param name="Mu">The first moments.</param>
/// <param name="Nu">The second moments.</param>
/// <param name="NuMax">Their largest so far, corrected for bias.</param>
public sealed record ScaleByAmsgradState(long Count, Tree Mu, Tree Nu, Tree NuMax) : ScaleByAdamState(Count, Mu, Nu);

/// <summary>Of a schedule: how often it was asked.</summary>
public sealed record ScaleByScheduleState(long Count) : TransformState;

/// <summary>Of a masked transformation. Leaves outside the mask have no state.</summary>
public sealed record MaskedState(TransformState InnerState) : TransformState;

/// <summary>Of leaves that are parted by labels: a state for every label.</summary>
public sealed record PartitionState(ImmutableSortedDictionary<string, TransformState> InnerStates) : TransformState;

/// <summary>Of gradients that are gathered.</summary>
/// <param name="MiniStep">Calls since the last update.</param>
/// <param name="GradientStep">Updates so far.</param>
/// <param name="InnerState">Of the transformation that gets the mean.</param>
/// <param name="AccGrads">The sum of the gradients since the last update.</param>
public sealed record MultiStepsState(long MiniStep, long GradientStep, TransformState InnerState, Tree AccGrads)
    : TransformState
{
    /// <summary>Whether the last call updated.</summary>
    public bool HasUpdated => MiniStep == 0 && GradientStep > 0;
}

/// <summary>Of what refuses gradients that are infinite or NaN.</summary>
/// <param name="NotFiniteCount">Such calls in a row up to now.</param>
/// <param name="LastFinite">Whether the last call was finite.</param>
/// <param name="TotalNotFinite">All such calls.</param>
/// <param name="InnerState">Of the transformation inside.</param>
public sealed record ApplyIfFiniteState(
    long NotFiniteCount, bool LastFinite, long TotalNotFinite, TransformState InnerState) : TransformState;

/// <summary>Of a transformation whose numbers can be changed between updates.</summary>
/// <param name="Count">Updates so far.</param>
/// <param name="Hyperparams">
/// The numbers of the last update. Those without a schedule count for the next one too: change them by
/// <c>state with { Hyperparams = state.Hyperparams.SetItem("learning_rate", 0.01) }</c>.
/// </param>
/// <param name="InnerState">Of the transformation that they make.</param>
public sealed record InjectHyperparamsState(
    long Count, ImmutableDictionary<string, double> Hyperparams, TransformState InnerState) : TransformState;
