using System.Numerics.Tensors;

namespace NativeAdamax.Styles.Optax;

/// <summary>
/// Gathers gradients over several calls, and gives the transformation inside their mean. The calls between answer with
/// zeros and leave its state alone: it does not run.
/// </summary>
public sealed class MultiSteps : GradientTransformation
{
    private readonly GradientTransformation _inner;
    private readonly Func<long, int> _every;

    /// <summary>The same number of calls for every update.</summary>
    /// <param name="inner">Gets the mean.</param>
    /// <param name="every">Calls of one update; 1 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public MultiSteps(GradientTransformation inner, int every)
        : this(inner, _ => every) => Check.AtLeast(every, 1, nameof(every));

    /// <summary>A number of calls that depends on the updates so far.</summary>
    /// <param name="inner">Gets the mean.</param>
    /// <param name="every">The calls of an update, from the updates before it; 1 or above.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public MultiSteps(GradientTransformation inner, Func<long, int> every)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(every);
        _inner = inner;
        _every = every;
    }

    /// <summary>The sum of the gradients, not their mean (use_grad_mean=False).</summary>
    public bool UsesSum { get; init; }

    /// <summary>Calls to leave out as if they had not been, such as <see cref="SkipNotFinite"/>; null: none.</summary>
    public Func<Tree, bool>? ShouldSkip { get; init; }

    /// <summary>Whether an element is infinite or NaN: for <see cref="ShouldSkip"/>.</summary>
    public static bool SkipNotFinite(Tree updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return !Norms.AllFinite(updates);
    }

    /// <summary>
    /// Whether the square of the norm of all gradients is a number or above, or NaN: for <see cref="ShouldSkip"/>.
    /// </summary>
    /// <param name="maxSquaredNorm">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, negative or NaN.</exception>
    public static Func<Tree, bool> SkipLargeUpdates(double maxSquaredNorm)
    {
        Check.Positive(maxSquaredNorm, nameof(maxSquaredNorm));
        return updates => !(Norms.SumOfSquares(updates) < maxSquaredNorm);
    }

    /// <summary>Whether the call that answered with this state updated.</summary>
    /// <exception cref="ArgumentException">The state is of another transformation.</exception>
    public static bool HasUpdated(TransformState state) => Expect<MultiStepsState>(state).HasUpdated;

    /// <inheritdoc/>
    public override TransformState Init(Tree parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new MultiStepsState(0, 0, _inner.Init(parameters), parameters.Zeros());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The function answers with a number below 1.</exception>
    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        MultiStepsState old = Expect<MultiStepsState>(state);
        old.AccGrads.RequireShape(updates, nameof(updates));
        long calls = Check.AtLeast(_every(old.GradientStep), 1, "every");
        if (ShouldSkip?.Invoke(updates) == true)
            return (updates.Zeros(), old);
        Tree sum = old.AccGrads.Like(i => old.AccGrads[i] is { } acc ? Sum(acc, updates[i]!) : null);
        if (old.MiniStep + 1 < calls)
            return (updates.Zeros(), old with { MiniStep = old.MiniStep + 1, AccGrads = sum });

        Tree mean = UsesSum || calls == 1 ? sum : sum.Times(1.0 / calls);
        (Tree changes, TransformState next) = _inner.Update(mean, old.InnerState, parameters);
        return (changes, new MultiStepsState(0, old.GradientStep + 1, next, sum.Zeros()));
    }

    private static float[] Sum(float[] a, float[] b)
    {
        float[] sum = GC.AllocateUninitializedArray<float>(a.Length);
        TensorPrimitives.Add(a, b, sum);
        return sum;
    }
}
