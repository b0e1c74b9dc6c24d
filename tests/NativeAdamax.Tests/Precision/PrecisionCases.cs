using NativeAdamax.Tests.Steps;

namespace NativeAdamax.Tests.Precision;

/// <summary>Every way to keep weights, gradients and moments, and optimizers that use all of their streams.</summary>
internal static class PrecisionCases
{
    public static readonly Dictionary<string, StatePrecision?> Precisions = new()
    {
        ["none"] = null,
        ["BFloat16"] = StatePrecision.BFloat16 with { Seed = 5 },
        ["Nearest"] = new StatePrecision
        {
            FirstMoment = StateFormat.BFloat16,
            SecondMoment = StateFormat.BFloat16,
            Average = StateFormat.BFloat16,
        },
        ["EightBit"] = StatePrecision.EightBit with { FewestQuantized = 0, Seed = ulong.MaxValue },
        ["Dynamic"] = new StatePrecision
        {
            FirstMoment = StateFormat.EightBitDynamic,
            SecondMoment = StateFormat.EightBitDynamic,
            FewestQuantized = 0,
        },
        ["FourBit"] = new StatePrecision
        {
            FirstMoment = StateFormat.FourBitDynamic,
            SecondMoment = StateFormat.EightBit,
            Average = StateFormat.BFloat16Random,
            FewestQuantized = 300,
        },
    };

    public static readonly string[] Optimizers = ["Torch AMSGrad", "Keras Adamax", "MXNet Nadam"];

    /// <summary>Each precision with each kind of weights, and a type of gradients.</summary>
    public static TheoryData<string, WeightKind, GradientKind> All
    {
        get
        {
            TheoryData<string, WeightKind, GradientKind> cases = [];
            int next = 0;
            foreach (string precision in Precisions.Keys)
            {
                foreach (WeightKind weights in Enum.GetValues<WeightKind>())
                    cases.Add(precision, weights, (GradientKind)(next++ % 3));
            }

            return cases;
        }
    }

    public static OptimizerOptions Options(string optimizer, string precision) => EveryOptionTests.Plain(optimizer) with
    {
        Precision = Precisions[precision],
        Ema = new EmaOptions { Momentum = 0.9 },
        LearningRate = 0.01,
    };
}
