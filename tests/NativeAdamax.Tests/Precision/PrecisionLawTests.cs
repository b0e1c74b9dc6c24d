using NativeAdamax.Constraints;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Steps;

namespace NativeAdamax.Tests.Precision;

/// <summary>What holds between runs whose weights are kept in different ways.</summary>
public sealed class PrecisionLawTests
{
    private static readonly int[] Lengths = [700, 1, 256, 33];

    public static TheoryData<string, string> OptionCases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string option in EveryOptionTests.Options.Keys.Append("none"))
            {
                foreach (string name in PrecisionCases.Optimizers)
                    cases.Add(option, name);
            }

            return cases;
        }
    }

    /// <summary>The 4-byte form: its bits are those of a plain float32 run, whatever the options.</summary>
    [Theory]
    [MemberData(nameof(OptionCases))]
    public void SplitWeightsAndMastersAreThePlainRunBitForBit(string option, string name)
    {
        void Prepare(Parameter[] parameters)
        {
            parameters[0].Constraint = option switch
            {
                "NonNegative" => WeightConstraint.NonNegative,
                "MaxNorm" => NormConstraint.Max(7, 100, most: 0.25),
                _ => null,
            };
            parameters[3].IsFrozen = option == "IsFrozen";
        }

        // A loss scale is of one optimizer: every run has options of its own.
        ReducedRun Of(WeightKind weights)
        {
            OptimizerOptions plain = EveryOptionTests.Plain(name);
            OptimizerOptions options = EveryOptionTests.Options.TryGetValue(option, out var with) ? with(plain) : plain;
            return new ReducedRun(options, weights, GradientKind.BFloat16, Lengths, prepare: Prepare);
        }

        using ReducedRun floats = Of(WeightKind.Float32), split = Of(WeightKind.Rest16);
        using ReducedRun master = Of(WeightKind.BFloat16), half = Of(WeightKind.Half);
        for (int call = 1; call <= 8; call++)
        {
            floats.Call();
            foreach (ReducedRun run in new[] { split, master, half })
            {
                run.Call();
                for (int k = 0; k < Lengths.Length; k++)
                {
                    Bits.AssertEqual(
                        floats.Parameters[k].Weights, ReducedRun.WeightsOf(run.Parameters[k]), $"{option}, call {call}, {k}");
                }
            }

            for (int k = 0; k < Lengths.Length; k++)
                AssertRounded(split, master, half, k, $"{option} of {name}, call {call}, tensor {k}");
        }
    }

    [Theory]
    [InlineData(WeightKind.Rest8)]
    [InlineData(WeightKind.None)]
    public void FewerBitsStayNearThePlainRun(WeightKind weights)
    {
        OptimizerOptions options = EveryOptionTests.Plain("Torch Adam") with { LearningRate = 0.01 };
        using ReducedRun floats = new ReducedRun(options, WeightKind.Float32, GradientKind.Float32, Lengths).Call(50);
        using ReducedRun run = new ReducedRun(options, weights, GradientKind.Float32, Lengths).Call(50);
        float[] exact = floats.Parameters[0].Weights.ToArray(), ours = ReducedRun.WeightsOf(run.Parameters[0]);
        double bound = weights == WeightKind.Rest8 ? 1e-3 : 0.1;
        for (int i = 0; i < exact.Length; i++)
            Assert.Equal(exact[i], ours[i], bound);
        Assert.False(Bits.AreEqual(exact, ours));
    }

    [Theory]
    [InlineData(WeightKind.Rest16)]
    [InlineData(WeightKind.Rest8)]
    [InlineData(WeightKind.None)]
    [InlineData(WeightKind.BFloat16)]
    [InlineData(WeightKind.Half)]
    public void TheNewestWeightsAreInTheModelAndTheChangesAreThoseOfAStep(WeightKind weights)
    {
        AdamOptions options = new() { Dialect = Dialect.Optax, LearningRate = 0.1 };
        using ReducedRun run = new(options, weights, GradientKind.Float32, [300, 7]);
        float[] before = ReducedRun.WeightsOf(run.Parameters[0]);
        byte[] model = ReducedRun.ModelBytes(run.Parameters[0]);
        float[] gradients = Training.Numbers(50, 307), changes = new float[307];
        run.Optimizer.Step(gradients, changes);
        Bits.AssertEqual(before, ReducedRun.WeightsOf(run.Parameters[0]), "weights of a pure step");
        Assert.Equal(model, ReducedRun.ModelBytes(run.Parameters[0]));
        Assert.All(changes, d => Assert.InRange(Math.Abs(d), 0.09f, 0.11f));

        run.Parameters[0].SetGradient(gradients.AsMemory(0, 300));
        run.Parameters[1].SetGradient(gradients.AsMemory(300));
        run.Optimizer.Step();
        Assert.NotEqual(model, ReducedRun.ModelBytes(run.Parameters[0]));
    }

    private static void AssertRounded(ReducedRun split, ReducedRun master, ReducedRun half, int k, string what)
    {
        float[] weights = ReducedRun.WeightsOf(split.Parameters[k]);
        Span<BFloat16> upper = split.Parameters[k].BFloat16Weights, copy = master.Parameters[k].BFloat16Weights;
        Span<Half> halves = half.Parameters[k].HalfWeights;
        for (int i = 0; i < weights.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(weights[i]);
            Assert.True(upper[i].Bits == bits + 0x8000 >> 16, $"{what}: upper half of element {i}");
            Assert.True(copy[i].Bits == ((BFloat16)weights[i]).Bits, $"{what}: bfloat16 of element {i}");
            Assert.True(
                BitConverter.HalfToUInt16Bits(halves[i]) == BitConverter.HalfToUInt16Bits((Half)weights[i]),
                $"{what}: binary16 of element {i}");
        }
    }
}
