using NativeAdamax.Schedules.Keras;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of the README, of the schedules and of the object in docs/styles.md.</summary>
public sealed class ObjectExamples
{
    [Fact]
    public void TenLines()
    {
        using var weights = Parameter.Create([1f, -2f, 0.5f]);
        using var optimizer = new Adamax([weights], new AdamaxOptions { LearningRate = 0.01 });

        for (int step = 0; step < 1000; step++)
        {
            for (int i = 0; i < weights.Length; i++)
                weights.Gradient[i] = 2 * weights.Weights[i];     // of the sum of squares
            optimizer.Step();
        }

        Assert.InRange(weights.Weights[1], -0.1, 0.1);
    }

    [Fact]
    public void Dialects()
    {
#pragma warning disable CA1806
        using var one = Parameter.Create([1f]);
        Parameter[] parameters = [one];

        new Adam(parameters, new AdamOptions { Dialect = Dialect.PyTorch, AmsGrad = true });
        new AdamW(parameters, new AdamWOptions { Dialect = Dialect.Optax, LearningRate = 3e-4, Ema = new EmaOptions() });
        new Nadam(parameters, new NadamOptions { LearningRate = LearningRate.From(step => 0.002 / Math.Sqrt(step + 1)) });
    }

    [Fact]
    public void ASchedule()
    {
#pragma warning disable CA1806
        using var one = Parameter.Create([1f]);
        Parameter[] parameters = [one];

        new Adamax(parameters, new AdamaxOptions { LearningRate = new CosineDecay(0.01, decaySteps: 10_000) });
    }

    [Fact]
    public void TheObject()
    {
        using var kernel = Parameter.Create([1f, -2f, 0.5f], "kernel");
        using var optimizer = new AdamW([kernel], new AdamWOptions { LearningRate = 0.01, GlobalClipNorm = 1 });
        for (int step = 0; step < 100; step++)
        {
            optimizer.ZeroGradients();
            for (int i = 0; i < kernel.Length; i++)
                kernel.Gradient[i] += 2 * kernel.Weights[i];
            StepReport report = optimizer.Step();
            if (step % 50 == 0)
                Console.WriteLine($"{report.Step}: norm {report.GradientNorm:g3}, rate {report.LearningRate}");
        }

        Assert.Equal(100, optimizer.StepCount);
    }
}
