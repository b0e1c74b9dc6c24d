namespace NativeAdamax.Styles;

/// <summary>The optimizer that belongs to a kind of options.</summary>
internal static class OptimizerOf
{
    public static Optimizer Options(OptimizerOptions options, IEnumerable<ParameterGroup> groups) => options switch
    {
        AdamOptions adam => new Adam(groups, adam),
        AdamWOptions adamW => new AdamW(groups, adamW),
        AdamaxOptions adamax => new Adamax(groups, adamax),
        NadamOptions nadam => new Nadam(groups, nadam),
        SparseAdamOptions sparse => new SparseAdam(groups, sparse),
        _ => throw new ArgumentException($"{options.GetType().Name} belong to no optimizer.", nameof(options)),
    };
}
