using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>Options of <see cref="Adamax"/>.</summary>
public sealed record AdamaxOptions : OptimizerOptions
{
    internal override Algorithm Algorithm => Algorithm.Adamax;
}

/// <summary>Adamax: Adam with an infinity norm, which suits gradients whose scale changes with time.</summary>
/// <remarks>
/// <para>D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015, section 7.1.</para>
/// <code>
///     m = m + (1 - beta1) * (g - m)
///     u = max(beta2 * u, |g|)
///     w = w - lr / (1 - beta1^t) * m / (u + epsilon)
/// </code>
/// <para>PyTorch and optax add epsilon inside the maximum instead: u = max(beta2 * u, |g| + epsilon).</para>
/// </remarks>
public sealed class Adamax : Optimizer
{
    /// <inheritdoc cref="Optimizer(IEnumerable{Parameter}, OptimizerOptions)"/>
    public Adamax(IEnumerable<Parameter> parameters, AdamaxOptions? options = null)
        : base(parameters, options ?? new AdamaxOptions())
    {
    }

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    public Adamax(IEnumerable<ParameterGroup> groups, AdamaxOptions? options = null)
        : base(groups, options ?? new AdamaxOptions())
    {
    }
}
