namespace NativeAdamax.Styles.Optax;

/// <summary>
/// A pair of pure functions: no call changes its arguments or this object, and what it answers with is new memory. One
/// object may be used by several threads at once.
/// </summary>
public abstract class GradientTransformation
{
    /// <summary>The state before the first update.</summary>
    /// <param name="parameters">The parameters; only their shape counts, here.</param>
    public abstract TransformState Init(Tree parameters);

    /// <summary>What becomes of updates, and the state for the next call.</summary>
    /// <param name="updates">
    /// Gradients, or what another transformation made of them; of the shape of the parameters.
    /// </param>
    /// <param name="state">Of <see cref="Init"/> or the last call.</param>
    /// <param name="parameters">As they are now. Null where the transformation does not need them.</param>
    /// <exception cref="ArgumentNullException">Parameters are needed, or another argument is null.</exception>
    /// <exception cref="ArgumentException">A shape is another, or the state is of another transformation.</exception>
    public abstract (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null);

    /// <summary>The state as the kind that this transformation has.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="state"/> is null.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    private protected static TState Expect<TState>(TransformState state)
        where TState : TransformState
    {
        ArgumentNullException.ThrowIfNull(state);
        return state as TState ?? throw new ArgumentException(
            $"The state is {state.GetType().Name} where {typeof(TState).Name} belongs.", nameof(state));
    }
}
