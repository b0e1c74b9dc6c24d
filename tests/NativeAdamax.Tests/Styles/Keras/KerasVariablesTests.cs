using NativeAdamax.Scaling;
using NativeAdamax.Styles.Keras;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.Keras;

public sealed class KerasVariablesTests
{
    public static TheoryData<string> Names => KerasCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void ARunGoesOnFromItsVariables(string name)
    {
        for (int at = 0; at <= 7; at++)
        {
            Parameter[] whole = KerasCases.Make(), part = KerasCases.Make();
            using KerasOptimizer first = new(KerasCases.Of(name)), second = new(KerasCases.Of(name));
            first.Build(whole);
            second.Build(part);
            for (int call = 1; call <= 14; call++)
            {
                if (call == at + 1)
                {
                    for (int k = 0; k < whole.Length; k++)
                        whole[k].Weights.CopyTo(part[k].Weights);
                    second.SetWeights([.. first.Variables.Select(v => v.Value)]);
                    Assert.Equal(first.Iterations, second.Iterations);
                }

                first.Apply(KerasCases.Gradients(call));
                if (call > at)
                    second.Apply(KerasCases.Gradients(call));
            }

            KerasCases.AssertSameWeights(whole, part, $"{name} from call {at}");
            for (int i = 0; i < first.Variables.Count; i++)
                AssertSame(first.Variables[i].Value, second.Variables[i].Value, first.Variables[i].Path);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePureStepIsTheStepAndChangesNothing(string name)
    {
        Parameter[] expected = KerasCases.Make(), variables = KerasCases.Make();
        using KerasOptimizer stateful = new(KerasCases.Of(name)), keras = new(KerasCases.Of(name));
        stateful.Build(expected);
        keras.Build(variables);
        IReadOnlyList<float[]> weights = [.. variables.Select(v => v.Weights.ToArray())];
        IReadOnlyList<VariableValue> state = [.. keras.Variables.Select(v => v.Value)];
        for (int call = 1; call <= 12; call++)
        {
            stateful.Apply(KerasCases.Gradients(call));
            float[]?[] gradients = KerasCases.Gradients(call);
            float[][] given = [.. weights.Select(w => (float[])w.Clone())];
            VariableValue[] before = [.. state.Select(Copy)];
            (IReadOnlyList<float[]> next, IReadOnlyList<VariableValue> after) =
                keras.StatelessApply(state, gradients, weights);
            for (int k = 0; k < given.Length; k++)
            {
                Bits.AssertEqual(given[k], weights[k], "a given weight");
                Bits.AssertEqual(expected[k].Weights, next[k], $"{name}, call {call}, weight {k}");
                Bits.AssertEqual(KerasCases.Gradients(call)[k], gradients[k], "a given gradient");
            }

            for (int i = 0; i < before.Length; i++)
            {
                AssertSame(before[i], state[i], $"given {keras.Variables[i].Path}");
                AssertSame(stateful.Variables[i].Value, after[i], $"{name}, call {call}, {keras.Variables[i].Path}");
            }

            (weights, state) = (next, after);
        }

        KerasCases.AssertSameWeights(KerasCases.Make(), variables, "the optimizer's own");
        Assert.Equal(0, keras.Inner.CallCount);
    }

    [Theory]
    [InlineData("adamax", "iteration learning_rate dense_kernel_momentum dense_kernel_norm dense_bias_momentum "
        + "dense_bias_norm out_momentum out_norm")]
    [InlineData("adamax with all", "iteration dense_kernel_average dense_bias_average out_average "
        + "dense_kernel_gradient_accumulator dense_bias_gradient_accumulator out_gradient_accumulator "
        + "dense_kernel_momentum dense_kernel_norm dense_bias_momentum dense_bias_norm out_momentum out_norm")]
    [InlineData("amsgrad", "iteration learning_rate dense_kernel_average dense_bias_average out_average "
        + "dense_kernel_momentum dense_kernel_velocity dense_bias_momentum dense_bias_velocity out_momentum out_velocity "
        + "dense_kernel_velocity_hat dense_bias_velocity_hat out_velocity_hat")]
    [InlineData("nadam", "iteration learning_rate dense_kernel_gradient_accumulator dense_bias_gradient_accumulator "
        + "out_gradient_accumulator dense_kernel_momentum dense_kernel_velocity dense_bias_momentum dense_bias_velocity "
        + "out_momentum out_velocity variable")]
    [InlineData("tf adam", "iteration learning_rate average/dense/kernel average/dense/bias average/out m/dense/kernel "
        + "v/dense/kernel m/dense/bias v/dense/bias m/out v/out vhat/dense/kernel vhat/dense/bias vhat/out")]
    public void NamesAndOrderAreTheSystems(string name, string expected)
    {
        using KerasOptimizer keras = new(KerasCases.Of(name), "mine");
        keras.Build(KerasCases.Make());
        Assert.Equal(expected.Split(' '), keras.Variables.Select(v => v.Name));
        Assert.All(keras.Variables, v => Assert.Equal($"mine/{v.Name}", v.Path));
        Assert.Equal(VariableKind.Integer, keras.Variables[0].Kind);
    }

    [Fact]
    public void AScheduleTakesTheRateOutOfTheList()
    {
        using KerasOptimizer keras = new(new AdamaxOptions { LearningRate = 0.25 });
        keras.Build(KerasCases.Make());
        Assert.Equal(0.25, keras.Variables[1].Value.AsNumber());
        keras.Variables[1].Value = 0.125;
        Assert.Equal(0.125, keras.LearningRate);
        keras.LearningRateRule = LearningRate.From(() => 0.5);
        Assert.Equal("adamax/dense_kernel_momentum", keras.Variables[1].Path);
    }

    private static readonly Dictionary<string, (string Words, Action<KerasOptimizer> Act)> Errors = new()
    {
        ["count"] = ("7 values for 8 variables", k => k.SetWeights([.. Values(k).Skip(1)])),
        ["kind"] = ("adamax/iteration is of kind Integer, not Number", k => k.SetWeights([1.5, .. Values(k).Skip(1)])),
        ["length"] = (
            "adamax/out_norm has 100 elements, not 2", k => k.SetWeights([.. Values(k).SkipLast(1), new float[2]])),
        ["iteration"] = ("adamax/iteration", k => k.Variables[0].Value = -1L),
        ["rate"] = ("adamax/learning_rate", k => k.SetWeights([5L, -0.5, .. Values(k).Skip(2)])),
        ["null"] = ("weights", k => k.SetWeights(null!)),
        ["pure weights"] = ("2 values for 3 variables", k => k.StatelessApply(Values(k), [], [new float[33], new float[3]])),
        ["pure length"] = (
            "The value of dense/bias has 2 elements, not 3",
            k => k.StatelessApply(Values(k), [], [new float[33], new float[2], new float[100]])),
        ["pure state"] = (
            "0 values for 8 variables", k => k.StatelessApply([], [], [new float[33], new float[3], new float[100]])),
        ["pure gradients"] = (
            "1 gradients for 3 variables",
            k => k.StatelessApply(Values(k), [[1f]], [new float[33], new float[3], new float[100]])),
    };

    public static TheoryData<string> ErrorNames => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public void ValuesThatDoNotFitAreRefusedAndNothingChanges(string name)
    {
        using KerasOptimizer keras = new(new AdamaxOptions());
        keras.Build(KerasCases.Make());
        keras.Apply(KerasCases.Gradients(1));
        VariableValue[] before = Values(keras);
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Errors[name].Act(keras));
        Assert.Contains(Errors[name].Words, error.Message, StringComparison.Ordinal);
        for (int i = 0; i < before.Length; i++)
            AssertSame(before[i], keras.Variables[i].Value, keras.Variables[i].Path);
    }

    [Fact]
    public void AProductOutOfItsRangeIsRefusedBeforeAnythingElseIsSet()
    {
        using KerasOptimizer keras = new(new NadamOptions());
        keras.Build(KerasCases.Make());
        keras.Apply(KerasCases.Gradients(1));
        VariableValue[] before = Values(keras);
        Assert.Throws<ArgumentOutOfRangeException>(() => keras.SetWeights([7L, .. before.Skip(1).SkipLast(1), 1.5]));
        for (int i = 0; i < before.Length; i++)
            AssertSame(before[i], keras.Variables[i].Value, keras.Variables[i].Path);
    }

    [Fact]
    public void ThePureStepRefusesStateThatIsNoVariable()
    {
        foreach (OptimizerOptions options in new OptimizerOptions[]
        {
            new AdamaxOptions { LossScale = LossScale.Dynamic(Dialect.Keras) },
            new AdamaxOptions { ClipPercentile = 50 },
            new AdamaxOptions { SkipNonFinite = true, MaxConsecutiveSkips = 1 },
        })
        {
            using KerasOptimizer keras = new(options);
            Assert.Throws<InvalidOperationException>(() => keras.StatelessApply([], [], []));
            keras.Build(KerasCases.Make());
            Assert.Throws<InvalidOperationException>(() => keras.StatelessApply([], [], []));
        }
    }

    [Fact]
    public void AValueIsOfOneKind()
    {
        VariableValue integer = 3L, number = 0.5, array = new float[] { 1 };
        Assert.Equal((3, 0.5, 1), (integer.AsInteger(), number.AsNumber(), array.AsArray()[0]));
        Assert.Throws<InvalidOperationException>(() => integer.AsNumber());
        Assert.Throws<InvalidOperationException>(() => number.AsArray());
        Assert.Throws<InvalidOperationException>(() => array.AsInteger());
    }

    private static VariableValue[] Values(KerasOptimizer keras) => [.. keras.Variables.Select(v => v.Value)];

    private static VariableValue Copy(VariableValue value) =>
        value.Kind == VariableKind.Array ? (VariableValue)(float[])value.AsArray().Clone() : value;

    private static void AssertSame(VariableValue expected, VariableValue actual, string what)
    {
        Assert.Equal(expected.Kind, actual.Kind);
        if (expected.Kind == VariableKind.Array)
            Bits.AssertEqual(expected.AsArray(), actual.AsArray(), what);
        else if (expected.Kind == VariableKind.Number)
            Assert.Equal(expected.AsNumber(), actual.AsNumber());
        else
            Assert.Equal(expected.AsInteger(), actual.AsInteger());
    }

    /// <summary>The updates in so many calls of varying number are found by counting: for ever, if nobody said stop.</summary>
    [Fact]
    public void MoreCallsThanCanBeCountedOneByOneAreRefused()
    {
        using Parameter parameter = Parameter.Create([1f]);
        using KerasOptimizer optimizer = new(new AdamOptions { AccumulationSchedule = _ => 1 });
        optimizer.Build([parameter]);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Variables[0].Value = 1L << 62);
        optimizer.Variables[0].Value = 1000L;
        Assert.Equal(1000, optimizer.Iterations);
    }
}
