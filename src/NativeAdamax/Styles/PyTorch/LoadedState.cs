using System.Collections.Immutable;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax.Styles.PyTorch;

/// <summary>The state of one parameter as a dictionary has it, checked.</summary>
internal sealed record LoadedState(long Step, float[] First, float[] Second, float[] Maximum, double Product)
{
    public static readonly IReadOnlyDictionary<string, object?> None = ImmutableDictionary<string, object?>.Empty;

    /// <exception cref="ArgumentException">A key is missing, unknown, or of another length or kind.</exception>
    public static LoadedState Of(Entries entries, OptimizerOptions options, long length)
    {
        if (entries.IsEmpty)
            return new LoadedState(0, [], [], [], 1);
        string second = options.Algorithm == Algorithm.Adamax ? "exp_inf" : "exp_avg_sq";
        bool hasMaximum = options is AdamFamilyOptions { AmsGrad: true }, hasProduct = options is NadamOptions;
        HashSet<string> known = ["step", "exp_avg", second];
        if (hasMaximum)
            known.Add("max_exp_avg_sq");
        if (hasProduct)
            known.Add("mu_product");
        entries.RefuseOthers(known);
        return new LoadedState(
            entries.Count("step"),
            entries.Floats("exp_avg", length),
            entries.Floats(second, length),
            hasMaximum ? entries.Floats("max_exp_avg_sq", length) : [],
            hasProduct ? ReadProduct(entries) : 1);
    }

    public void WriteTo(ParameterState state)
    {
        state.SetOrClear(StreamPlace.M, First);
        state.SetOrClear(StreamPlace.V, Second);
        state.SetOrClear(StreamPlace.X, Maximum);
        state.UpdateCount = Step;
        state.MomentumProduct = Product;
    }

    private static double ReadProduct(Entries entries) => entries.Number("mu_product") switch
    {
        >= 0 and <= 1 and double product => product,
        null => throw StateDictReader.Refused($"mu_product of {entries.What} is missing."),
        double product => throw StateDictReader.Refused($"mu_product of {entries.What} is {product}, not from 0 to 1."),
    };
}
