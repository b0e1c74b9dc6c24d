using System.Numerics.Tensors;

namespace NativeAdamax.Styles.Optax;

/// <summary>Adds a part of the weights to the updates.</summary>
internal sealed class AddDecayedWeights(LearningRate decay, Mask? mask) : GradientTransformation
{
    public override TransformState Init(Tree parameters) => Scheduled.Init(decay);

    public (double Decay, TransformState State) Next(TransformState state) => Scheduled.Next(decay, state);

    public bool[]? Decays(Tree tree) => mask?.Of(tree);

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        Require(parameters);
        updates.RequireShape(parameters!, nameof(parameters));
        (double value, TransformState next) = Next(state);
        bool[]? decays = Decays(updates);
        return (updates.Like(i => updates[i] is { } u ? Decayed(u, parameters![i]!, DecayOf(i)) : null), next);

        double DecayOf(int leaf) => decays?[leaf] == false ? 0 : value;
    }

    public static void Require(Tree? parameters)
    {
        if (parameters is null)
        {
            throw new ArgumentNullException(
                nameof(parameters), "Weights decay only if they are given: pass parameters.");
        }
    }

    private static float[] Decayed(float[] update, float[] weights, double decay)
    {
        float[] sum = (float[])update.Clone();
        if (decay != 0)
            TensorPrimitives.MultiplyAdd(weights, (float)decay, update, sum);
        return sum;
    }
}
