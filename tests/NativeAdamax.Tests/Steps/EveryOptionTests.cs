using NativeAdamax.Constraints;
using NativeAdamax.Engine;
using NativeAdamax.Scaling;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

/// <summary>
/// Every option by itself: the same bits on every backend, instruction set and number of threads, and other bits than
/// without it.
/// </summary>
public sealed class EveryOptionTests
{
    private const int Calls = 6;

    private static readonly int[] Lengths = [600_001, 1, 5, 63, 70_000];

    internal static readonly Dictionary<string, Func<OptimizerOptions, OptimizerOptions>> Options = new()
    {
        ["LearningRate"] = o => o with { LearningRate = new OneCycleLR(0.5, 10) },
        ["Beta1"] = o => o with { Beta1 = 0.5 },
        ["Beta2"] = o => o with { Beta2 = 0.5 },
        ["Epsilon"] = o => o with { Epsilon = 0.25 },
        ["WeightDecay, coupled"] = o => o with { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.Coupled },
        ["WeightDecay, decoupled"] = o => o with { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.Decoupled },
        ["WeightDecay, corrected"] =
            o => o with { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.DecoupledCorrectedRate },
        ["WeightDecay, after"] = o => o with { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.DecoupledAfterUpdate },
        ["ClipValue"] = o => o with { ClipValue = 0.125 },
        ["ClipNorm"] = o => o with { ClipNorm = 5, Epsilon = 0.1 },
        ["GlobalClipNorm"] = o => o with { GlobalClipNorm = 5, Epsilon = 0.1 },
        ["ClipPercentile"] = o => o with { ClipPercentile = 20 },
        ["MaxUpdateNorm"] = o => o with { MaxUpdateNorm = 1e-5 },
        ["AccumulationSteps"] = o => o with { AccumulationSteps = 3 },
        ["AccumulationSchedule"] = o => o with { AccumulationSchedule = n => (int)n % 3 + 1 },
        ["LossScale"] = o => o with { LossScale = LossScale.Fixed(3), Epsilon = 0.1 },
        ["a dynamic LossScale"] = o => o with
        {
            LossScale = new DynamicLossScale(o.Dialect) { Initial = 0.3, GrowthInterval = 2 },
            Epsilon = 0.1,
        },
        ["BiasCorrection"] = o => o with { BiasCorrection = false },
        ["DecayMask"] = o => o with { WeightDecay = 0.1, DecayMask = p => p.Length > 5 },
        ["Maximize"] = o => o with { Maximize = true },
        ["ZeroGradients"] = o => o with { ZeroGradients = true },
        ["Ema"] = o => o with { Ema = new EmaOptions { Momentum = 0.5 } },
        ["Ema, overwriting"] = o => o with { Ema = new EmaOptions { Momentum = 0.5, OverwriteFrequency = 2 } },
        ["Ema, debiased"] = o => o with { Ema = new EmaOptions { Momentum = 0.5, ZeroDebias = true } },
        ["Ema, warming up"] = o => o with { Ema = new EmaOptions { WarmUp = true } },
        ["AmsGrad"] = o => o is AdamOptions adam ? adam with { AmsGrad = true } : o,
        ["AdaptiveEpsilon"] = o => o is AdamOptions adam ? adam with { Epsilon = 0.25, AdaptiveEpsilon = false } : o,
        ["EpsilonRoot"] = o => o is AdamOptions adam ? adam with { EpsilonRoot = 0.125 } : o,
        ["Nesterov"] = o => o is AdamOptions adam ? adam with { Nesterov = true } : o,
        ["MomentumDecay"] = o => o is NadamOptions nadam ? nadam with { MomentumDecay = 0.5 } : o,
        ["Precision, BFloat16"] = o => o with { Precision = StatePrecision.BFloat16 },
        ["Precision, to nearest"] = o => o with
        {
            Precision = new StatePrecision { FirstMoment = StateFormat.BFloat16, SecondMoment = StateFormat.BFloat16 },
        },
        ["Precision, EightBit"] = o => o with { Precision = StatePrecision.EightBit with { FewestQuantized = 0 } },
        ["Precision, EightBitDynamic"] = o => o with
        {
            Precision = new StatePrecision
            {
                FirstMoment = StateFormat.EightBitDynamic,
                SecondMoment = StateFormat.EightBitDynamic,
                FewestQuantized = 0,
            },
        },
        ["Precision, FourBitDynamic"] = o => o with
        {
            Precision = new StatePrecision { FirstMoment = StateFormat.FourBitDynamic, FewestQuantized = 6 },
        },
        ["Precision, an average"] = o => o with
        {
            Ema = new EmaOptions { Momentum = 0.5 },
            Precision = new StatePrecision { Average = StateFormat.BFloat16Random, Seed = 3 },
        },
        ["NonNegative"] = o => o,
        ["MaxNorm"] = o => o,
        ["IsFrozen"] = o => o,
        ["GradientScale"] = o => o with { Epsilon = 0.1 },
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string option in Options.Keys)
            {
                foreach (string name in new[] { "Torch Adam", "Keras Adamax", "MXNet Nadam", "Optax Adam" })
                {
                    OptimizerOptions plain = Plain(name);
                    if (option is "NonNegative" or "MaxNorm" or "IsFrozen" || !Options[option](plain).Equals(plain))
                        cases.Add(option, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnyBackendAndNumberOfThreadsGivesTheSameBits(string option, string name)
    {
        float[][] expected = Run(option, name, new BackendSelection(BackendKind.Managed), 1);
        foreach (BackendSelection backend in Backend.Available)
        {
            float[][] actual = Run(option, name, backend, 3);
            for (int k = 0; k < expected.Length; k++)
                Bits.AssertEqual(expected[k], actual[k], $"{option} of {name} on {backend}, stream {k}");
        }

        float[][] without = Run("", name, new BackendSelection(BackendKind.Managed), 1);
        bool same = without.Zip(expected).All(p => Bits.AreEqual(p.First, p.Second));
        Assert.Equal(option == "ZeroGradients", same);
    }

    internal static OptimizerOptions Plain(string name) =>
        OptimizerFactory.Options(OptimizerCases.Of(name) with { LearningRate = 0.25 }, new());

    private static float[][] Run(string option, string name, BackendSelection backend, int threads)
    {
        Parameter[] parameters = [.. Lengths.Select((n, k) => Parameter.Create(Training.Numbers((uint)k + 1, n)))];
        parameters[0].Constraint = option switch
        {
            "NonNegative" => WeightConstraint.NonNegative,
            "MaxNorm" => NormConstraint.Max(1, 600_001, most: 0.25),
            _ => null,
        };
        parameters[4].IsFrozen = option == "IsFrozen";
        OptimizerOptions options = Options.TryGetValue(option, out var with) ? with(Plain(name)) : Plain(name);
        options = options with { Backend = backend, MaxDegreeOfParallelism = threads };
        using Optimizer optimizer = OptimizerFactory.Create(parameters, options);
        optimizer.GradientScale = option == "GradientScale" ? 0.25 : 1;
        for (int call = 1; call <= Calls; call++)
        {
            for (int k = 0; k < parameters.Length; k++)
                parameters[k].CopyGradient(Training.Numbers((uint)(1000 * call + k), Lengths[k]));
            optimizer.Step();
        }

        float[][] state =
        [
            .. parameters.Select(p => p.Weights.ToArray()),
            .. parameters.Select(p => optimizer.State(p).ToArray(StreamPlace.M)),
            .. parameters.Select(p => optimizer.State(p).ToArray(StreamPlace.V)),
            .. parameters.Select(p => optimizer.State(p).ToArray(StreamPlace.A)),
        ];
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
        return state;
    }
}
