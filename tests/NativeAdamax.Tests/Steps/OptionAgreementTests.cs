using NativeAdamax.Scaling;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

/// <summary>With norms, sums and averages the bits depend neither on backend and instruction set nor on threads.</summary>
public sealed class OptionAgreementTests
{
    private static readonly int[] Lengths = [400_001, 1, 5, 63, 150_000];

    [Theory]
    [InlineData("Keras Adamax")]
    [InlineData("Optax AMSGrad")]
    [InlineData("Torch Nadam")]
    public void AnyBackendAndNumberOfThreadsGivesTheSameBits(string name)
    {
        float[][] expected = Run(name, new BackendSelection(BackendKind.Managed), 1);
        Assert.All(expected.SelectMany(x => x), x => Assert.True(float.IsFinite(x)));
        foreach (BackendSelection backend in Backend.Available)
        {
            foreach (int threads in new[] { 1, 3 })
            {
                float[][] actual = Run(name, backend, threads);
                for (int k = 0; k < expected.Length; k++)
                    Bits.AssertEqual(expected[k], actual[k], $"{name} on {backend} with {threads} threads, stream {k}");
            }
        }
    }

    private static float[][] Run(string name, BackendSelection backend, int threads)
    {
        Parameter[] parameters = [.. Lengths.Select((n, k) => Parameter.Create(Training.Numbers((uint)k + 1, n)))];
        OptimizerOptions options = OptimizerFactory.Options(
            OptimizerCases.Of(name) with { EmaMomentum = 0.9, EmaOverwrite = 2, AccumulationSteps = 2, WeightDecay = 0.1 },
            new() { Backend = backend, Threads = threads });
        options = options with
        {
            GlobalClipNorm = 100,
            ClipNorm = options.Dialect == Dialect.Keras ? null : 50,
            ClipPercentile = 30,
            LossScale = new DynamicLossScale(options.Dialect) { Initial = 0.3, GrowthInterval = 2 },
        };
        using Optimizer optimizer = OptimizerFactory.Create(parameters, options);
        for (int call = 1; call <= 4; call++)
        {
            for (int k = 0; k < parameters.Length; k++)
                parameters[k].CopyGradient(Training.Numbers((uint)(1000 * call + k), Lengths[k]));
            StepReport report = optimizer.Step();
            Assert.Equal(call % 2 == 0, report is { IsUpdate: true, ClipCoefficient: < 1, GradientNorm: > 100 });
        }

        float[][] state =
        [
            .. parameters.Select(p => p.Weights.ToArray()),
            .. parameters.Select(p => optimizer.State(p).SecondMoment.ToArray()),
            .. parameters.Select(p => optimizer.Ema!.Average(p).ToArray()),
        ];
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
        return state;
    }
}
