using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Styles.Optax;

/// <summary>
/// optax's scale_by_adam, scale_by_amsgrad and scale_by_adamax: the fused kernels over moments in trees.
/// </summary>
internal sealed class ScaleByMoments(OptimizerOptions options) : GradientTransformation
{
    public Recipe Recipe { get; } = options.Resolve().ToRecipe();

    /// <summary>Whether the first moment is rounded to bfloat16 where it is stored, mu_dtype.</summary>
    public bool RoundsMu { get; } = options.Precision?.FirstMoment == StateFormat.BFloat16;

    public override TransformState Init(Tree parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Recipe.AmsGrad
            ? new ScaleByAmsgradState(0, parameters.Zeros(), parameters.Zeros(), parameters.Zeros())
            : new ScaleByAdamState(0, parameters.Zeros(), parameters.Zeros());
    }

    /// <summary>
    /// The kernels answer with what is to be added to weights: a rate of -1 makes that the direction itself.
    /// </summary>
    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null) => Run(Recipe, RoundsMu, updates, state, parameters, -1);

    /// <summary>One pass over all leaves.</summary>
    /// <param name="recipe">This one's, or one with clipping and decay folded into it.</param>
    /// <param name="roundsMu">Whether the next state's first moments are rounded to bfloat16.</param>
    /// <param name="updates">The gradients.</param>
    /// <param name="state">Of the last call.</param>
    /// <param name="parameters">Needed where the recipe decays.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="globalNorm">The largest norm of all gradients together; null: any.</param>
    /// <param name="decays">Which leaves decay; null: all.</param>
    public static unsafe (Tree Updates, TransformState State) Run(
        Recipe recipe,
        bool roundsMu,
        Tree updates,
        TransformState state,
        Tree? parameters,
        double rate,
        ClipByGlobalNorm? globalNorm = null,
        bool[]? decays = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        ScaleByAdamState old = Expect<ScaleByAdamState>(state);
        Check.AtLeast(old.Count, 0, nameof(old.Count));
        old.Mu.RequireShape(updates, nameof(updates));
        if (parameters is not null)
            updates.RequireShape(parameters, nameof(parameters));

        long count = old.Count == long.MaxValue ? old.Count : old.Count + 1;
        Tree change = updates.Blank(), mu = old.Mu.Copy(), nu = old.Nu.Copy();
        Tree? nuMax = (old as ScaleByAmsgradState)?.NuMax.Copy();
        if (recipe.AmsGrad && nuMax is null)
            Expect<ScaleByAmsgradState>(state);

        using Pins pins = new();
        using CallerPass pass = new(BackendChooser.Default, Environment.ProcessorCount);
        pass.Begin(updates.Count);
        List<int> leaves = [];
        for (int i = 0; i < updates.Count; i++)
        {
            if (updates[i] is not { } g)
                continue;
            float* gradient = pins.Of(g);
            leaves.Add(i);
            pass.Add(new NaTensor
            {
                // Weights are read where they decay, and never written: otherwise any memory will do.
                w = parameters is null ? gradient : pins.Of(parameters[i]!),
                g = gradient,
                m = pins.Of(mu[i]!),
                v = pins.Of(nu[i]!),
                x = nuMax is null ? null : pins.Of(nuMax[i]!),
                d = pins.Of(change[i]!),
                count = (ulong)g.Length,
            });
        }

        double scale = globalNorm?.Coefficient(pass.SumOfSquares()) ?? 1;
        for (int k = 0; k < leaves.Count; k++)
        {
            StepRates rates = new(rate, null) { DecayFactor = decays is null || decays[leaves[k]] ? 1 : 0 };
            pass.SetRow(k, recipe.At(rates, count, 1) with { GradScale = scale });
        }

        pass.Run(recipe.Algorithm == Algorithm.Adamax ? KernelOp.Adamax : KernelOp.Adam);
        if (roundsMu)
            mu = mu.Map(leaf => Array.ConvertAll(leaf, m => (float)(BFloat16)m));
        return (change, nuMax is null
            ? new ScaleByAdamState(count, mu, nu)
            : new ScaleByAmsgradState(count, mu, nu, nuMax));
    }
}
