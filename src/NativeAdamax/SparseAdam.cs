using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>Options of <see cref="SparseAdam"/>.</summary>
public sealed record SparseAdamOptions : OptimizerOptions
{
    /// <summary>Of <see cref="Dialect.PyTorch"/>, which alone has this optimizer.</summary>
    public SparseAdamOptions() => Dialect = Dialect.PyTorch;

    internal override Algorithm Algorithm => Algorithm.Adam;

    internal override OptimizerOptions Resolve()
    {
        if (Dialect != Dialect.PyTorch)
            throw Refused(Dialect, nameof(Dialect), "PyTorch: the others have no such optimizer");
        if (SparseMode is not (null or NativeAdamax.SparseMode.LazyRows))
            throw Refused(SparseMode, nameof(SparseMode), nameof(NativeAdamax.SparseMode.LazyRows));
        if (WeightDecay > 0)
            throw Refused(WeightDecay, nameof(WeightDecay), "0 or null: SparseAdam has none");
        if (Epsilon == 0)
            throw Refused(Epsilon, nameof(Epsilon), "above 0");
        if (LearningRate is LearningRate.Number && LearningRate.At(0) == 0)
            throw Refused(0, nameof(LearningRate), "above 0");
        return (this with { SparseMode = NativeAdamax.SparseMode.LazyRows }).ResolveRest();
    }

    internal override Recipe ToRecipe() => base.ToRecipe() with { EpsilonAfterCorrection = false, OnlyRows = true };

    private OptimizerOptions ResolveRest() => base.Resolve();

    private static ArgumentException Refused(object? value, string name, string range) =>
        new($"{name} is {value} but must be {range}.", name);
}

/// <summary>PyTorch's Adam for gradients given by rows: only these rows have moments and move. It takes no others.</summary>
/// <remarks>
/// <code>
///     m = m + (1 - beta1) * (g - m)
///     v = v + (1 - beta2) * (g * g - v)
///     w = w - lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)
/// </code>
/// <para>Epsilon is added to the root of the raw second moment, not of the corrected one as in PyTorch's
/// <see cref="Adam"/>. t counts the steps of the parameter, whichever rows they had.</para>
/// </remarks>
public sealed class SparseAdam : Optimizer
{
    /// <inheritdoc cref="Optimizer(IEnumerable{Parameter}, OptimizerOptions)"/>
    /// <exception cref="ArgumentException">The options have a weight decay, or a learning rate or epsilon of 0.</exception>
    public SparseAdam(IEnumerable<Parameter> parameters, SparseAdamOptions? options = null)
        : base(parameters, options ?? new SparseAdamOptions())
    {
    }

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    /// <exception cref="ArgumentException">The options have a weight decay, or a learning rate or epsilon of 0.</exception>
    public SparseAdam(IEnumerable<ParameterGroup> groups, SparseAdamOptions? options = null)
        : base(groups, options ?? new SparseAdamOptions())
    {
    }
}
