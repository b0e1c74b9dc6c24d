namespace NativeAdamax.Styles.Optax;

/// <summary>What becomes of the updates of leaves outside a mask.</summary>
public enum MaskedOut
{
    /// <summary>Zeros: the weights stay as they are.</summary>
    Zero,

    /// <summary>
    /// They come out as they went in, as in optax. Where they are gradients and the result is applied, the weights
    /// climb: of use within a chain only, where another link works on them.
    /// </summary>
    PassThrough,
}

/// <summary>A transformation of some of the leaves.</summary>
internal sealed class Masked(GradientTransformation inner, Mask mask, MaskedOut outside) : GradientTransformation
{
    private readonly GradientTransformation _inner = inner ?? throw new ArgumentNullException(nameof(inner));
    private readonly Mask _mask = mask ?? throw new ArgumentNullException(nameof(mask));
    private readonly MaskedOut _outside = Check.Defined(outside, nameof(outside));

    public override TransformState Init(Tree parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new MaskedState(_inner.Init(Inside(parameters, _mask.Of(parameters))));
    }

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        TransformState innerState = Expect<MaskedState>(state).InnerState;
        bool[] inside = _mask.Of(updates);
        Tree? innerParameters = parameters is null ? null : Inside(parameters, inside);
        (Tree changed, TransformState next) = _inner.Update(Inside(updates, inside), innerState, innerParameters);
        return (updates.Like(i => inside[i] ? changed[i] : Outside(updates[i])), new MaskedState(next));
    }

    private static Tree Inside(Tree tree, bool[] inside) => tree.Like(i => inside[i] ? tree[i] : null);

    private float[]? Outside(float[]? update) => _outside == MaskedOut.Zero && update is not null
        ? new float[update.Length]
        : (float[]?)update?.Clone();
}
