namespace NativeAdamax.Styles.Optax;

/// <summary>Refuses gradients that are infinite or NaN, so many times in a row and not more.</summary>
internal sealed class ApplyIfFinite(GradientTransformation inner, long maxConsecutiveErrors) : GradientTransformation
{
    private readonly GradientTransformation _inner = inner ?? throw new ArgumentNullException(nameof(inner));
    private readonly long _most = Check.AtLeast(maxConsecutiveErrors, 0, nameof(maxConsecutiveErrors));

    public override TransformState Init(Tree parameters) => new ApplyIfFiniteState(0, true, 0, _inner.Init(parameters));

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        ApplyIfFiniteState old = Expect<ApplyIfFiniteState>(state);
        bool finite = Norms.AllFinite(updates);
        ApplyIfFiniteState next = old with
        {
            LastFinite = finite,
            NotFiniteCount = finite ? 0 : old.NotFiniteCount + 1,
            TotalNotFinite = old.TotalNotFinite + (finite ? 0 : 1),
        };
        if (!finite && next.NotFiniteCount <= _most)
            return (updates.Zeros(), next);
        (Tree changes, TransformState inner) = _inner.Update(updates, old.InnerState, parameters);
        return (changes, next with { InnerState = inner });
    }
}
