using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax.Styles.PyTorch;

/// <summary>From an optimizer to PyTorch's keys.</summary>
internal static class StateDictWriter
{
    public static StateDict Write(Optimizer optimizer, IEnumerable<ParamGroup> paramGroups)
    {
        Dictionary<int, IReadOnlyDictionary<string, object?>> state = [];
        List<IReadOnlyDictionary<string, object?>> groups = [];
        int number = 0;
        foreach (ParamGroup group in paramGroups)
        {
            int[] numbers = [.. Enumerable.Range(number, group.Params.Count)];
            foreach (Parameter parameter in group.Params)
            {
                if (optimizer.State(parameter) is { UpdateCount: > 0 } of)
                    state.Add(number, Of(group.Options, of));
                number++;
            }

            Dictionary<string, object?> numbersOfGroup = Of(group.Options, group.Lr);
            numbersOfGroup.Add("params", numbers);
            groups.Add(numbersOfGroup);
        }

        return new StateDict(state, groups);
    }

    private static Dictionary<string, object?> Of(OptimizerOptions options, ParameterState state)
    {
        Dictionary<string, object?> entries = new()
        {
            ["step"] = state.UpdateCount,
            ["exp_avg"] = state.ToArray(StreamPlace.M),
            [options.Algorithm == Algorithm.Adamax ? "exp_inf" : "exp_avg_sq"] = state.ToArray(StreamPlace.V),
        };
        if (options is AdamFamilyOptions { AmsGrad: true })
            entries.Add("max_exp_avg_sq", state.ToArray(StreamPlace.X));
        if (options is NadamOptions)
            entries.Add("mu_product", state.MomentumProduct);
        return entries;
    }

    private static Dictionary<string, object?> Of(OptimizerOptions options, double rate)
    {
        Dictionary<string, object?> entries = new()
        {
            ["lr"] = rate,
            ["betas"] = new[] { options.Beta1!.Value, options.Beta2!.Value },
            ["eps"] = options.Epsilon!.Value,
            ["maximize"] = options.Maximize!.Value,
        };
        if (options is SparseAdamOptions)
            return entries;
        entries.Add("weight_decay", options.WeightDecay!.Value);
        if (options is AdamFamilyOptions family)
            entries.Add("amsgrad", family.AmsGrad!.Value);
        if (options is NadamOptions nadam)
            entries.Add("momentum_decay", nadam.MomentumDecay!.Value);
        if (options.Algorithm != Algorithm.Adamax)
            entries.Add("decoupled_weight_decay", options.WeightDecayForm != WeightDecayForm.Coupled);
        entries.Add("foreach", null);
        entries.Add("capturable", false);
        entries.Add("differentiable", false);
        if (options is AdamFamilyOptions)
            entries.Add("fused", null);
        return entries;
    }
}
