using System.Numerics.Tensors;
using NativeAdamax.Clipping;

namespace NativeAdamax.Styles.Optax;

/// <summary>A link whose state says nothing.</summary>
internal abstract class StatelessLink : GradientTransformation
{
    public override TransformState Init(Tree parameters) => new EmptyState();

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        if (parameters is not null)
            updates.RequireShape(parameters, nameof(parameters), mayMiss: true);
        return (Of(updates, parameters), Expect<EmptyState>(state));
    }

    protected abstract Tree Of(Tree updates, Tree? parameters);
}

/// <summary>Elements to within plus and minus a number; NaN passes.</summary>
internal sealed class Clip(double most) : StatelessLink
{
    public double Most { get; } = Check.Positive(most, "maxDelta");

    protected override Tree Of(Tree updates, Tree? parameters) => updates.Map(leaf =>
    {
        float[] clipped = GC.AllocateUninitializedArray<float>(leaf.Length);
        TensorPrimitives.Clamp(leaf, (float)-Most, (float)Most, clipped);
        return clipped;
    });
}

/// <summary>All leaves scaled down together where their norm is above a number.</summary>
internal sealed class ClipByGlobalNorm(double most) : StatelessLink
{
    public double Most { get; } = Check.Positive(most, "maxNorm");

    public double Coefficient(double sumOfSquares) =>
        ClipFormula.Optax.Coefficient(true, Math.Sqrt(sumOfSquares), Most);

    protected override Tree Of(Tree updates, Tree? parameters) => Coefficient(Norms.SumOfSquares(updates)) switch
    {
        1 => updates.Copy(),
        double coefficient => updates.Times(coefficient),
    };
}

/// <summary>A function of the user's.</summary>
internal sealed class Stateless(Func<Tree, Tree?, Tree> function) : StatelessLink
{
    protected override Tree Of(Tree updates, Tree? parameters) => function(updates, parameters);
}

/// <summary>A number that multiplies everything: what folds into the rate of a fused pass.</summary>
internal abstract class ScalarLink : GradientTransformation
{
    public abstract (double Factor, TransformState State) Factor(TransformState state);

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        (double factor, TransformState next) = Factor(state);
        return (updates.Times(factor), next);
    }
}

internal sealed class Scale(double factor) : ScalarLink
{
    private readonly double _factor = Check.GradientScale(factor, nameof(factor));

    public override TransformState Init(Tree parameters) => new EmptyState();

    public override (double Factor, TransformState State) Factor(TransformState state) =>
        (_factor, Expect<EmptyState>(state));
}

/// <summary>A number, or a schedule of its own count from 0 on.</summary>
internal sealed class ScaleByLearningRate(LearningRate rate, bool flipSign) : ScalarLink
{
    public override TransformState Init(Tree parameters) => Scheduled.Init(rate);

    public override (double Factor, TransformState State) Factor(TransformState state)
    {
        (double value, TransformState next) = Scheduled.Next(rate, state);
        return (flipSign ? -value : value, next);
    }
}
