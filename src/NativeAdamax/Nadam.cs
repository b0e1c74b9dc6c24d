using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>Options of <see cref="Nadam"/>.</summary>
public sealed record NadamOptions : OptimizerOptions
{
    /// <summary>
    /// psi in the momentum schedule beta1 * (1 - 0.5 * 0.96^(t * psi)); 0 or above. Null: 1 for Keras and tf_keras,
    /// 0.004 for PyTorch and MXNet. optax's Nadam has no schedule: there a number here brings PyTorch's in.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public double? MomentumDecay
    {
        get;
        init => field = value is { } given ? Check.NotNegative(given) : null;
    }

    internal override Algorithm Algorithm => Algorithm.Nadam;

    internal override OptimizerOptions Resolve() =>
        (NadamOptions)base.Resolve() with { MomentumDecay = MomentumDecay ?? Rules.MomentumDecay };

    internal override OptimizerOptions Inherit(OptimizerOptions optimizer) =>
        (NadamOptions)base.Inherit(optimizer) with
        {
            MomentumDecay = MomentumDecay ?? ((NadamOptions)optimizer).MomentumDecay,
        };

    internal override Recipe ToRecipe() => base.ToRecipe() with
    {
        Nesterov = MomentumDecay is null,
        Momenta = MomentumDecay is { } psi ? new Momenta(psi) : null,
    };
}

/// <summary>Nadam: Adam with Nesterov's look ahead.</summary>
/// <remarks>
/// <para>T. Dozat, "Incorporating Nesterov Momentum into Adam", 2016.</para>
/// <code>
///     mu(t) = beta1 * (1 - 0.5 * 0.96^(t * psi)),  P = mu(1) * ... * mu(t)
///     w = w - lr * (mu(t+1) * m / (1 - P * mu(t+1)) + (1 - mu(t)) * g / (1 - P)) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// </code>
/// <para>optax: beta1 * m / (1 - beta1^(t+1)) + (1 - beta1) * g / (1 - beta1^t) over the same denominator.</para>
/// </remarks>
public sealed class Nadam : Optimizer
{
    /// <inheritdoc cref="Optimizer(IEnumerable{Parameter}, OptimizerOptions)"/>
    public Nadam(IEnumerable<Parameter> parameters, NadamOptions? options = null)
        : base(parameters, options ?? new NadamOptions())
    {
    }

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    public Nadam(IEnumerable<ParameterGroup> groups, NadamOptions? options = null)
        : base(groups, options ?? new NadamOptions())
    {
    }
}
