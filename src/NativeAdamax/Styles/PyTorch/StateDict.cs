namespace NativeAdamax.Styles.PyTorch;

/// <summary>What a PyTorch optimizer's state_dict holds, under its keys.</summary>
/// <param name="State">
/// By the number of a parameter: "step" (a number), "exp_avg", "exp_avg_sq", "max_exp_avg_sq" or "exp_inf" (float[]),
/// "mu_product" (a number). Parameters that had no step yet are missing.
/// </param>
/// <param name="ParamGroups">
/// By group: "lr", "betas" (two numbers), "eps", "weight_decay", "maximize" and so on, and "params", the numbers of its
/// parameters (int[]).
/// </param>
public sealed record StateDict(
    IReadOnlyDictionary<int, IReadOnlyDictionary<string, object?>> State,
    IReadOnlyList<IReadOnlyDictionary<string, object?>> ParamGroups);
