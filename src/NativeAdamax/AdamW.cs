using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>Options of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions : AdamFamilyOptions
{
    internal override Algorithm Algorithm => Algorithm.AdamW;
}

/// <summary>Adam with weight decay that does not pass through the moments.</summary>
/// <remarks>
/// <para>I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", 2019.</para>
/// <code>
///     w = w - (lr * decay * w + Adam's change of w)
/// </code>
/// </remarks>
public sealed class AdamW : Optimizer
{
    /// <inheritdoc cref="Optimizer(IEnumerable{Parameter}, OptimizerOptions)"/>
    public AdamW(IEnumerable<Parameter> parameters, AdamWOptions? options = null)
        : base(parameters, options ?? new AdamWOptions())
    {
    }

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    public AdamW(IEnumerable<ParameterGroup> groups, AdamWOptions? options = null)
        : base(groups, options ?? new AdamWOptions())
    {
    }
}
