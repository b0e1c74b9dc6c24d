using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>The number of threads is a matter of speed and never of bits.</summary>
public sealed class ThreadAgreementTests
{
    // Above the size from which the engine forks, in lengths that no part ends on evenly.
    private static readonly int[] Lengths = [700_001, 1, 5, 262_147, 63, 150_000];

    [Theory]
    [InlineData("Keras Adamax")]
    [InlineData("Torch AMSGrad")]
    [InlineData("Optax Nadam")]
    [InlineData("MXNet Adamax")]
    public void AnyNumberOfThreadsGivesTheBitsOfOne(string name)
    {
        float[][] one = Run(OptimizerCases.Of(name), 1);
        foreach (int threads in new[] { 2, 3, 7, 0 })
        {
            float[][] several = Run(OptimizerCases.Of(name), threads);
            for (int k = 0; k < one.Length; k++)
                Bits.AssertEqual(one[k], several[k], $"{name} on {threads} threads, tensor {k}");
        }
    }

    private static float[][] Run(ReferenceSettings settings, int threads)
    {
        Parameter[] parameters = [.. Lengths.Select((n, k) => Parameter.Create(Training.Numbers((uint)k + 1, n)))];
        try
        {
            using Optimizer optimizer =
                OptimizerFactory.Create(parameters, settings with { EmaMomentum = 0.9 }, new() { Threads = threads });
            for (int step = 1; step <= 3; step++)
            {
                for (int k = 0; k < parameters.Length; k++)
                    parameters[k].CopyGradient(Training.Numbers((uint)(1000 * step + k), Lengths[k]));
                optimizer.Step();
            }

            return
            [
                .. parameters.Select(p => p.Weights.ToArray()),
                .. parameters.Select(p => optimizer.State(p).SecondMoment.ToArray()),
                .. parameters.Select(p => optimizer.Ema!.Average(p).ToArray()),
            ];
        }
        finally
        {
            foreach (Parameter parameter in parameters)
                parameter.Dispose();
        }
    }
}
