namespace NativeAdamax.Constraints;

/// <summary>
/// What weights must satisfy after every step. Keras applies constraints to the variables of a call, after averages:
/// an average therefore sees weights before their constraint.
/// </summary>
public abstract class WeightConstraint
{
    /// <summary>No weight is below 0. Done by the kernels in the step's one pass.</summary>
    public static WeightConstraint NonNegative { get; } = new NonNegativeWeights();

    /// <summary>Brings the weights of a parameter to where they satisfy this.</summary>
    /// <param name="weights">All weights of the parameter, in row-major order.</param>
    /// <exception cref="ArgumentException">The weights do not have the shape that this expects.</exception>
    public abstract void Apply(Span<float> weights);

    /// <exception cref="ArgumentException">Weights of this number do not have the shape that this expects.</exception>
    internal virtual void RefuseLength(long weights)
    {
    }

    /// <summary>A constraint of the user's own.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="apply"/> is null.</exception>
    public static WeightConstraint From(Action<Span<float>> apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        return new OwnConstraint(apply);
    }

    internal sealed class NonNegativeWeights : WeightConstraint
    {
        /// <inheritdoc/>
        public override void Apply(Span<float> weights)
        {
            foreach (ref float w in weights)
                w = w < 0 ? 0 : w;
        }
    }

    private sealed class OwnConstraint(Action<Span<float>> apply) : WeightConstraint
    {
        public override void Apply(Span<float> weights) => apply(weights);
    }
}
