using NativeAdamax.Scaling;
using NativeAdamax.Styles.Keras;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.Keras;

public sealed class KerasOptimizerTests
{
    public static TheoryData<string> Names => KerasCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void CallsAreTheStepsOfTheObject(string name)
    {
        Parameter[] expected = KerasCases.Make(), variables = KerasCases.Make();
        using Optimizer optimizer = OptimizerFactory.Create(expected, KerasCases.Of(name));
        using KerasOptimizer keras = new(KerasCases.Of(name));
        Assert.False(keras.IsBuilt);
        for (int call = 1; call <= 20; call++)
        {
            KerasCases.Step(optimizer, call);
            float[]?[] gradients = KerasCases.Gradients(call);
            if (call % 2 == 0)
                keras.Apply(gradients);
            else
                Assert.Equal(call, keras.ApplyGradients(gradients.Zip(variables)));
            Assert.Equal(optimizer.StepCount, keras.Iterations);
            Assert.Equal(optimizer.LearningRate, keras.LearningRate);
        }

        KerasCases.AssertSameWeights(expected, variables, name);
        keras.FinalizeVariableValues(variables);
        optimizer.Ema?.CopyToWeights();
        KerasCases.AssertSameWeights(expected, variables, $"{name} finalized");
    }

    [Fact]
    public void VariablesThatAreNotInACallRestButAreCounted()
    {
        Parameter[] expected = KerasCases.Make(), variables = KerasCases.Make();
        using Optimizer optimizer = OptimizerFactory.Create(expected, new AdamOptions { WeightDecay = 0.1 });
        using KerasOptimizer keras = new(new AdamOptions { WeightDecay = 0.1 });
        keras.Build(variables);
        variables[0].CopyGradient(new float[33]);
        for (int call = 1; call <= 5; call++)
        {
            float[] gradient = KerasCases.Gradients(call)[2]!;
            expected[0].ClearGradient();
            expected[1].ClearGradient();
            expected[2].CopyGradient(gradient);
            optimizer.Step();
            keras.Apply([gradient], [variables[2]]);
        }

        KerasCases.AssertSameWeights(expected, variables, "a part of the variables");
        Assert.Equal(5, keras.Inner.State(variables[0]).UpdateCount);
        Assert.True(variables[0].HasGradient, "the variable's own gradient is gone");
        Assert.Equal(33, variables[0].Gradient.Length);
    }

    [Fact]
    public void RowsThatAVariableHoldsAreStillThereAfterACallWithOtherGradients()
    {
        Parameter[] expected = KerasCases.Make(), variables = KerasCases.Make();
        using KerasOptimizer whole = new(new AdamOptions()), rows = new(new AdamOptions());
        float[] gradient = new float[100];
        gradient.AsSpan(20, 10).Fill(1);
        float[,] row = { { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } };
        variables[2].SetRowGradient([2], row);
        whole.Apply([gradient], [expected[2]]);
        rows.Apply([gradient], [variables[2]]);
        whole.Apply([gradient]);
        rows.Apply();
        KerasCases.AssertSameWeights(expected, variables, "rows");
    }

    [Fact]
    public void ItIsBuiltOnce()
    {
        Parameter[] variables = KerasCases.Make();
        using Parameter other = Parameter.Create(3);
        using KerasOptimizer keras = new(new AdamaxOptions());
        keras.Build(variables);
        Optimizer inner = keras.Inner;
        keras.Build([other]);
        Assert.Same(inner, keras.Inner);
        Assert.Equal(variables, inner.Parameters);
        Assert.Equal(default, keras.Apply(Array.Empty<float[]>()));
        Assert.Equal(0, inner.CallCount);
        foreach (Parameter variable in variables)
            variable.CopyGradient(new float[variable.Length]);
        Assert.Equal(1, keras.Apply().Step);
    }

    [Fact]
    public void RatesMayBeChangedBeforeAndAfterTheVariablesAreThere()
    {
        using KerasOptimizer keras = new(new AdamaxOptions());
        Assert.Equal(0.001, keras.LearningRate);
        keras.LearningRate = 0.25;
        Assert.Equal(0.25, keras.LearningRate);
        keras.LearningRateRule = LearningRate.From(step => 1.0 / (step + 2));
        Assert.Equal(0.5, keras.LearningRate);
        Assert.Throws<InvalidOperationException>(() => keras.LearningRate = 1);
        keras.Build(KerasCases.Make());
        Assert.Throws<InvalidOperationException>(() => keras.LearningRate = 1);
        Assert.Equal(0.5, keras.LearningRate);
        keras.LearningRateRule = 0.125;
        keras.LearningRate = 0.0625;
        Assert.Equal(0.0625, keras.LearningRate);
    }

    [Fact]
    public void LossesAreScaled()
    {
        using KerasOptimizer plain = new(new AdamaxOptions());
        using KerasOptimizer scaled = new(new AdamaxOptions { LossScale = LossScale.Fixed(4) });
        Assert.Equal((3.0, 12.0), (plain.ScaleLoss(3), scaled.ScaleLoss(3)));
    }

    [Theory]
    [InlineData(Dialect.Keras, "^kernel$|b.as", "dense/kernel dense/bias")]
    [InlineData(Dialect.Keras, "dense", "")]
    [InlineData(Dialect.TfKeras, "dense", "dense/kernel dense/bias")]
    [InlineData(Dialect.TfKeras, "^kernel", "")]
    public void NamesAreLookedForWhereTheSystemLooks(Dialect dialect, string names, string excluded)
    {
        Parameter[] variables = KerasCases.Make();
        using KerasOptimizer keras = new(new AdamOptions { Dialect = dialect, WeightDecay = 0.5, LearningRate = 0.5 });
        keras.ExcludeFromWeightDecay(varNames: ["never"]);
        keras.ExcludeFromWeightDecay([variables[2]], names.Split('|'));
        float[][] before = [.. variables.Select(v => v.Weights.ToArray())];
        keras.Apply([.. variables.Select(v => new float[v.Length])], variables);
        for (int k = 0; k < variables.Length; k++)
        {
            bool rests = variables[k].Weights.SequenceEqual(before[k]);
            Assert.Equal(k == 2 || excluded.Split(' ').Contains(variables[k].Name), rests);
        }
    }

    [Fact]
    public void KerasExcludesLaterTooAndTfKerasDoesNot()
    {
        Parameter[] variables = KerasCases.Make();
        using KerasOptimizer keras = new(new AdamaxOptions { WeightDecay = 0.5 });
        keras.Build(variables);
        keras.ExcludeFromWeightDecay(variables);
        keras.ExcludeFromWeightDecay([variables[0]]);
        float[] kernel = variables[0].Weights.ToArray(), bias = variables[1].Weights.ToArray();
        keras.Apply([.. variables.Select(v => new float[v.Length])]);
        Bits.AssertEqual(kernel, variables[0].Weights, "an excluded variable");
        Assert.False(variables[1].Weights.SequenceEqual(bias));
        using Parameter stranger = Parameter.Create(1);
        Assert.Throws<ArgumentException>(() => keras.ExcludeFromWeightDecay([stranger]));
        Assert.ThrowsAny<ArgumentException>(() => keras.ExcludeFromWeightDecay(varNames: ["("]));

        using KerasOptimizer tf = new(new AdamaxOptions { Dialect = Dialect.TfKeras });
        using Parameter one = Parameter.Create(1);
        tf.Build([one]);
        Assert.Throws<InvalidOperationException>(() => tf.ExcludeFromWeightDecay([one]));
    }

    private static readonly Dictionary<string, (Type Type, string Words, Action<KerasOptimizer, Parameter[]> Act)> Errors = new()
    {
        ["too few gradients"] = (typeof(ArgumentException), "2 gradients for 3 variables", (k, v) => k.Apply([[1f], [1f]])),
        ["too many variables"] = (
            typeof(ArgumentException), "1 gradients for 3 variables", (k, v) => k.Apply([new float[33]], v)),
        ["a gradient too long"] = (
            typeof(ArgumentException), "The gradient of dense/bias has 4 elements, not 3",
            (k, v) => k.Apply([new float[33], new float[4], new float[100]])),
        ["no gradient at all"] = (typeof(ArgumentException), "no gradient for any", (k, v) => k.Apply([null, null, null])),
        ["an unknown variable"] = (
            typeof(ArgumentException), "not built with variable stranger",
            (k, v) => k.Apply([new float[1]], [Parameter.Create(1, "stranger")])),
        ["a variable twice"] = (
            typeof(ArgumentException), "Variable out stands there twice",
            (k, v) => k.Apply([new float[100], new float[100]], [v[2], v[2]])),
        ["null gradients"] = (typeof(ArgumentNullException), "gradients", (k, v) => k.Apply(null!)),
        ["other final variables"] = (
            typeof(ArgumentException), "not the variables", (k, v) => k.FinalizeVariableValues([v[1], v[0], v[2]])),
        ["averages that are not there yet"] = (
            typeof(InvalidOperationException), "before the first update", (k, v) => k.FinalizeVariableValues()),
    };

    public static TheoryData<string> ErrorNames => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public void NonsenseIsRefusedAndNothingChanges(string name)
    {
        Parameter[] variables = KerasCases.Make();
        using KerasOptimizer keras = new(new AdamaxOptions { Ema = new EmaOptions() });
        keras.Build(variables);
        Exception error = Assert.Throws(Errors[name].Type, () => Errors[name].Act(keras, variables));
        Assert.Contains(Errors[name].Words, error.Message, StringComparison.Ordinal);
        KerasCases.AssertSameWeights(KerasCases.Make(), variables, name);
        Assert.Equal(0, keras.Inner.CallCount);
    }

    [Fact]
    public void PairsMayComeInAnyOrder()
    {
        Parameter[] expected = KerasCases.Make(), variables = KerasCases.Make();
        using KerasOptimizer forward = new(new AdamOptions()), backward = new(new AdamOptions());
        forward.Build(expected);
        backward.Build(variables);
        forward.ApplyGradients(KerasCases.Gradients(1).Zip(expected));
        backward.ApplyGradients(KerasCases.Gradients(1).Zip(variables).Reverse());
        KerasCases.AssertSameWeights(expected, variables, "the other order");
    }

    [Fact]
    public void AGradientIsNotTheVariableItself()
    {
        float[] memory = [1, 2, 3];
        using var variable = Parameter.Over(memory);
        using KerasOptimizer keras = new(new AdamOptions());
        Assert.Throws<ArgumentException>(() => keras.Apply([memory], [variable]));
        Assert.Equal([1, 2, 3], memory);
        Assert.False(variable.HasGradient);
    }

    [Fact]
    public void WithoutVariablesThereIsNothingToStep()
    {
        using KerasOptimizer keras = new(new AdamaxOptions());
        Assert.Throws<InvalidOperationException>(() => keras.Apply([[1f]]));
        Assert.Throws<InvalidOperationException>(() => keras.Apply());
        Assert.Throws<InvalidOperationException>(() => keras.Variables);
        Assert.Throws<InvalidOperationException>(() => keras.Inner);
        Assert.Throws<ArgumentException>(() => keras.Build([]));
        Assert.False(keras.IsBuilt);
        Assert.Throws<ArgumentException>(() => new KerasOptimizer(new AdamOptions { Dialect = Dialect.PyTorch }));
        Assert.Throws<ArgumentException>(() => new KerasOptimizer(new AdamOptions { ClipNorm = 1, ClipValue = 1 }));
    }
}
