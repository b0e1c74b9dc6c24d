using NativeAdamax.Styles.Keras;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Precision;

namespace NativeAdamax.Tests.Styles.Keras;

/// <summary>Keras's calls over weights and moments in fewer bits.</summary>
public sealed class KerasPrecisionTests
{
    private static readonly int[] Lengths = [600, 3, 257];

    public static TheoryData<string, WeightKind> Cases
    {
        get
        {
            TheoryData<string, WeightKind> cases = [];
            foreach (string precision in PrecisionCases.Precisions.Keys)
            {
                foreach (WeightKind weights in Enum.GetValues<WeightKind>())
                    cases.Add(precision, weights);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThePureStepRoundsAsTheStepDoes(string precision, WeightKind kind)
    {
        OptimizerOptions options = new AdamOptions
        {
            AmsGrad = true,
            Ema = new EmaOptions { Momentum = 0.9 },
            Precision = PrecisionCases.Precisions[precision],
        };
        Parameter[] expected = Make(kind), variables = Make(kind);
        using KerasOptimizer stateful = new(options), keras = new(options);
        stateful.Build(expected);
        keras.Build(variables);
        IReadOnlyList<float[]> weights = [.. variables.Select(ReducedRun.WeightsOf)];
        IReadOnlyList<VariableValue> state = [.. keras.Variables.Select(v => v.Value)];
        for (int call = 1; call <= 6; call++)
        {
            float[]?[] gradients =
                [.. Lengths.Select((n, k) => k == 1 && call == 3 ? null : Training.Numbers((uint)(70 * call + k), n))];
            stateful.Apply(gradients);
            (weights, state) = keras.StatelessApply(state, gradients, weights);
            for (int k = 0; k < weights.Count; k++)
                Bits.AssertEqual(ReducedRun.WeightsOf(expected[k]), weights[k], $"call {call}, weights {k}");
            for (int i = 0; i < state.Count; i++)
            {
                if (state[i].Kind == VariableKind.Array)
                    Bits.AssertEqual(stateful.Variables[i].Value.AsArray(), state[i].AsArray(), $"{call}, {keras.Variables[i].Path}");
            }
        }

        Assert.Equal(0, keras.Inner.CallCount);
        foreach (Parameter parameter in expected.Concat(variables))
            parameter.Dispose();
    }

    private static Parameter[] Make(WeightKind kind) =>
        [.. Lengths.Select((n, k) => ReducedRun.Make(kind, Training.Numbers((uint)k + 1, n), $"w{k}"))];
}
