using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>Options of <see cref="Adam"/>.</summary>
public sealed record AdamOptions : AdamFamilyOptions
{
    internal override Algorithm Algorithm => Algorithm.Adam;
}

/// <summary>Adam, and AMSGrad with <see cref="AdamFamilyOptions.AmsGrad"/>.</summary>
/// <remarks>
/// <para>D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015; S. J. Reddi, S. Kale and S. Kumar,
/// "On the Convergence of Adam and Beyond", 2018.</para>
/// <code>
///     m = m + (1 - beta1) * (g - m)
///     v = v + (1 - beta2) * (g * g - v)
///     w = w - lr * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// </code>
/// </remarks>
public sealed class Adam : Optimizer
{
    /// <inheritdoc cref="Optimizer(IEnumerable{Parameter}, OptimizerOptions)"/>
    public Adam(IEnumerable<Parameter> parameters, AdamOptions? options = null)
        : base(parameters, options ?? new AdamOptions())
    {
    }

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    public Adam(IEnumerable<ParameterGroup> groups, AdamOptions? options = null)
        : base(groups, options ?? new AdamOptions())
    {
    }
}
