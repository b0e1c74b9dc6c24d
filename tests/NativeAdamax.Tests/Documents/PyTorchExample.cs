using NativeAdamax.Styles.PyTorch;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/styles.md.</summary>
public sealed class PyTorchExample
{
    [Fact]
    public void PyTorch()
    {
        using var weight = Parameter.Create([1f, -2f, 0.5f]);
        using var bias = Parameter.Create([0.1f]);
        using var late = Parameter.Create([3f]);
        using var optimizer = new TorchOptimizer(
            [new ParameterGroup([weight]), new ParameterGroup([bias], new AdamOptions { WeightDecay = 0 })],
            new AdamOptions { LearningRate = 0.01, WeightDecay = 0.1 });
        optimizer.AddParamGroup([late], new AdamOptions { LearningRate = 0.001 });
        using IDisposable hook = optimizer.RegisterStepPostHook(o => Console.WriteLine($"step {o.LastReport.Step}"));

        double loss = optimizer.Step(() =>
        {
            optimizer.ZeroGrad();
            weight.CopyGradient([2f, -4f, 1f]);
            bias.CopyGradient([0.2f]);
            return 5.26;
        });
        optimizer.ParamGroups[0].Lr *= 0.5;
        optimizer.ParamGroups[1].Options = optimizer.ParamGroups[1].Options with { Beta1 = 0.95 };

        StateDict saved = optimizer.StateDict();
        optimizer.LoadStateDict(saved);

        Assert.Equal(5.26, loss);
        Assert.Equal([0.005, 0.01, 0.001], optimizer.ParamGroups.Select(g => g.Lr));
        Assert.Equal(1, optimizer.Inner.StepCount);
    }
}
