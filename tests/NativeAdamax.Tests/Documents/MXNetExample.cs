using NativeAdamax.Schedules.MXNet;
using NativeAdamax.Styles.MXNet;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/styles.md.</summary>
public sealed class MXNetExample
{
    [Fact]
    public void MXNet()
    {
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adamax", new MXNetArguments
        {
            LrScheduler = new FactorScheduler(step: 100, factor: 0.9, baseLr: 0.01),
            Wd = 0.0001,
            RescaleGrad = 1.0 / 32,
            ClipGradient = 1,
            ParamIdx2Name = new Dictionary<int, string> { [0] = "fc_weight", [1] = "fc_bias" },
        });
        optimizer.SetWdMult(byName: new Dictionary<string, double> { ["fc_bias"] = 0 });

        float[] weight = [1f, -2f, 0.5f], bias = [0.1f];
        MXNetState weightState = MXNetOptimizer.CreateState(weight), biasState = MXNetOptimizer.CreateState(bias);
        for (int batch = 0; batch < 10; batch++)
        {
            float[] weightGradient = [3f, -1f, 2f], biasGradient = [8f];
            optimizer.Step([0, 1], [weight, bias], [weightGradient, biasGradient], [weightState, biasState]);
        }

        Assert.Equal(10, optimizer.NumUpdate);
        Assert.NotEqual(1, weight[0]);
        Assert.NotEqual(0.1f, bias[0]);
    }
}
