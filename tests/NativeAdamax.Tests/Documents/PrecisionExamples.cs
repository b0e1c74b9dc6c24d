namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/precision.md, and of the README about it.</summary>
public sealed class PrecisionExamples
{
    [Fact]
    public void FewerBits()
    {
        BFloat16[] weights = new BFloat16[10_000], gradient = new BFloat16[10_000];     // what the model reads and writes
        using Parameter parameter = Parameter.Over(weights, gradient, MasterWeights.Rest8);
        using var optimizer = new AdamW([parameter], new AdamWOptions { LearningRate = 0.01, Precision = StatePrecision.EightBit });

        for (int step = 0; step < 200; step++)
        {
            for (int i = 0; i < weights.Length; i++)
                gradient[i] = (BFloat16)(2 * ((float)weights[i] - 1));     // of the sum of (w - 1)^2
            optimizer.Step();
        }

        Assert.All(weights, w => Assert.InRange((float)w, 0.9f, 1.1f));
    }

    [Fact]
    public void HalfTheMemory()
    {
        BFloat16[] weights = new BFloat16[5000], gradient = [.. Enumerable.Repeat((BFloat16)1f, 5000)];

        using Parameter parameter = Parameter.Over(weights, gradient, MasterWeights.Rest8);     // BFloat16[]
        using var optimizer = new AdamW([parameter], new AdamWOptions { Precision = StatePrecision.EightBit });

        optimizer.Step();
        Assert.All(weights, w => Assert.Equal(-0.001f, (float)w, 1e-5f));
        Assert.Equal(5000, optimizer.State(parameter).QuantizedSecondMoment.Codes.Length);
    }
}
