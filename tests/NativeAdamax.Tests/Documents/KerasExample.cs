using NativeAdamax.Schedules.Keras;
using NativeAdamax.Styles.Keras;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/styles.md.</summary>
public sealed class KerasExample
{
    [Fact]
    public void Keras()
    {
        using var kernel = Parameter.Create([1f, -2f, 0.5f], "dense/kernel");
        using var bias = Parameter.Create([0.1f], "dense/bias");
        using var optimizer = new KerasOptimizer(new AdamaxOptions
        {
            LearningRate = new CosineDecay(0.01, decaySteps: 1000),
            WeightDecay = 0.004,
            Ema = new EmaOptions { Momentum = 0.99 },
        });
        optimizer.ExcludeFromWeightDecay(varNames: ["bias"]);
        optimizer.Build([kernel, bias]);
        optimizer.Apply([[0.1f, 0.2f, -0.3f], [0.5f]]);
        optimizer.Apply([[0.1f, 0.1f, -0.1f]], [kernel]);

        string[] names = [.. optimizer.Variables.Select(v => v.Path)];     // "adamax/iteration", "adamax/dense_kernel_average", ...
        string json = optimizer.Serialize().ToJsonString();                // {"module":"keras.optimizers","class_name":"Adamax",...

        // The same step as a pure function: nothing but the answer is new.
        VariableValue[] state = [.. optimizer.Variables.Select(v => v.Value)];
        (IReadOnlyList<float[]> weights, IReadOnlyList<VariableValue> next) = optimizer.StatelessApply(
            state, [[0.1f, 0.2f, -0.3f], null], [[1f, -2f, 0.5f], [0.1f]]);

        optimizer.FinalizeVariableValues();                                // the weights become their averages

        Assert.Equal(["adamax/iteration", "adamax/dense_kernel_average"], names[..2]);
        Assert.StartsWith("""{"module":"keras.optimizers","class_name":"Adamax",""", json, StringComparison.Ordinal);
        Assert.Equal(3, next[0].AsInteger());
        Assert.NotEqual(1, weights[0][0]);
        Assert.Equal(kernel.Weights.ToArray(), optimizer.Inner.Ema!.Average(kernel).ToArray());
    }
}
