using NativeAdamax.Scaling;
using NativeAdamax.Schedules.Keras;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.Keras;

/// <summary>Options to step with, and three variables with gradients.</summary>
internal static class KerasCases
{
    private static readonly Dictionary<string, OptimizerOptions> Cases = new()
    {
        ["adamax"] = new AdamaxOptions(),
        ["adamax with all"] = new AdamaxOptions
        {
            LearningRate = new CosineDecay(0.05, 17, 0.1),
            WeightDecay = 0.1,
            GlobalClipNorm = 1,
            Ema = new EmaOptions { Momentum = 0.8, OverwriteFrequency = 2 },
            LossScale = LossScale.Fixed(8),
            AccumulationSteps = 3,
        },
        ["amsgrad"] = new AdamOptions { AmsGrad = true, ClipNorm = 0.5, Ema = new EmaOptions() },
        ["adam in a changing rhythm"] = new AdamOptions { AccumulationSchedule = updates => 1 + (int)updates % 3 },
        ["adamw"] = new AdamWOptions { ClipValue = 0.2, DecayMask = p => p.Name != "dense/bias" },
        ["nadam"] = new NadamOptions { AccumulationSteps = 2 },
        ["tf adam"] = new AdamOptions
        {
            Dialect = Dialect.TfKeras,
            AdaptiveEpsilon = true,
            AmsGrad = true,
            Ema = new EmaOptions { OverwriteFrequency = 3 },
        },
        ["tf nadam"] = new NadamOptions { Dialect = Dialect.TfKeras, WeightDecay = 0.1 },
    };

    private static readonly (string Name, int Length)[] Variables = [("dense/kernel", 33), ("dense/bias", 3), ("out", 100)];

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static OptimizerOptions Of(string name) => Cases[name];

    public static Parameter[] Make() =>
        [.. Variables.Select((v, k) => Parameter.Create(Training.Numbers((uint)k + 1, v.Length), v.Name))];

    /// <summary>The gradients of a call; the second variable misses every fourth.</summary>
    public static float[]?[] Gradients(int call) =>
        [.. Variables.Select((v, k) => k == 1 && call % 4 == 0 ? null : Training.Numbers((uint)(70 * call + k), v.Length))];

    public static void Step(Optimizer optimizer, int call)
    {
        float[]?[] gradients = Gradients(call);
        for (int k = 0; k < gradients.Length; k++)
        {
            if (gradients[k] is { } gradient)
                optimizer.Parameters[k].CopyGradient(gradient);
            else
                optimizer.Parameters[k].ClearGradient();
        }

        optimizer.Step();
    }

    public static void AssertSameWeights(IReadOnlyList<Parameter> expected, IReadOnlyList<Parameter> actual, string what)
    {
        for (int k = 0; k < expected.Count; k++)
            Bits.AssertEqual(expected[k].Weights, actual[k].Weights, $"{what}, {expected[k].Name}");
    }
}
