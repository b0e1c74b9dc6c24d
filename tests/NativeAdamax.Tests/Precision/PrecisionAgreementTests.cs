using NativeAdamax.Constraints;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>Whatever weights, gradients and moments are kept in: the same bits whatever does the arithmetic, and how.</summary>
public sealed class PrecisionAgreementTests
{
    private static readonly int[] Lengths = [1100, 1, 0, 256, 300];

    public static TheoryData<string, WeightKind, GradientKind> Cases => PrecisionCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void ARunEndsOnTheSameBitsOnEveryBackend(string precision, WeightKind weights, GradientKind gradients)
    {
        foreach (string name in PrecisionCases.Optimizers)
        {
            OptimizerOptions options = PrecisionCases.Options(name, precision);
            using ReducedRun managed = Run(options, new BackendSelection(BackendKind.Managed), weights, gradients);
            foreach (BackendSelection backend in Backend.Available)
            {
                using ReducedRun run = Run(options, backend, weights, gradients);
                managed.AssertSame(run, $"{name}, {precision}, {weights}, {gradients} on {backend}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnyNumberOfThreadsGivesTheBitsOfOne(string precision, WeightKind weights, GradientKind gradients)
    {
        int[] lengths = [280_001, 1, 131_072, 70_003];
        OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision) with { GlobalClipNorm = 10 };
        using ReducedRun one = new(options with { MaxDegreeOfParallelism = 1 }, weights, gradients, lengths);
        one.Call(3);
        foreach (int threads in new[] { 2, 3 })
        {
            using ReducedRun several = new(options with { MaxDegreeOfParallelism = threads }, weights, gradients, lengths);
            several.Call(3);
            one.AssertSame(several, $"{precision}, {weights}, {gradients} on {threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepThatTakesGradientsAsTheyComeGivesTheBitsOfOneOverAll(
        string precision, WeightKind weights, GradientKind gradients)
    {
        foreach (string name in PrecisionCases.Optimizers)
        {
            OptimizerOptions options = PrecisionCases.Options(name, precision) with { ClipNorm = 3 };
            using ReducedRun all = new(options, weights, gradients, Lengths), come = new(options, weights, gradients, Lengths);
            for (int call = 0; call < 4; call++)
            {
                all.Call();
                come.NextGradients();
                using OpenStep step = come.Optimizer.StepAsTheyCome();
                foreach (Parameter parameter in come.Parameters.Reverse())
                    step.Update(parameter);
                step.Complete();
            }

            all.AssertSame(come, $"{name}, {precision}, {weights}, {gradients}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheTypeOfAGradientIsNoMatterOfBits(string precision, WeightKind weights, GradientKind gradients)
    {
        OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision) with
        {
            GlobalClipNorm = 2,
            AccumulationSteps = 2,
        };
        using ReducedRun floats = new ReducedRun(options, weights, GradientKind.Float32, Lengths).Call(5);
        using ReducedRun others = new ReducedRun(options, weights, gradients, Lengths).Call(5);
        floats.AssertSame(others, $"{precision}, {weights}, {gradients}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StateInAMappedFileGivesTheSameBits(string precision, WeightKind weights, GradientKind gradients)
    {
        OptimizerOptions options = PrecisionCases.Options("Torch AMSGrad", precision);
        StateStorage file = StateStorage.MemoryMapped(Path.GetTempPath());
        using ReducedRun memory = new ReducedRun(options, weights, gradients, Lengths).Call(3);
        using ReducedRun mapped = new ReducedRun(options with { StateStorage = file }, weights, gradients, Lengths).Call(3);
        memory.AssertSame(mapped, $"{precision}, {weights}, {gradients}");
    }

    /// <summary>Constraints, changes held back and overwritten weights take another way to weights of fewer bits.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void WhatIsDoneToWeightsBesideTheStepGivesTheSameBitsToo(
        string precision, WeightKind weights, GradientKind gradients)
    {
        foreach (string name in PrecisionCases.Optimizers)
        {
            ReducedRun Run(BackendSelection backend, int threads) => new ReducedRun(
                PrecisionCases.Options(name, precision) with
                {
                    Backend = backend,
                    MaxDegreeOfParallelism = threads,
                    MaxUpdateNorm = 0.01,
                    AccumulationSteps = 2,
                    Ema = new EmaOptions { Momentum = 0.5, OverwriteFrequency = 2 },
                },
                weights, gradients, Lengths, prepare: parameters =>
                {
                    parameters[0].Constraint = NormConstraint.MinMax(100, 11, 0.1, 1, rate: 0.5);
                    parameters[3].Constraint = WeightConstraint.NonNegative;
                }).Call(8);

            using ReducedRun managed = Run(new BackendSelection(BackendKind.Managed), 1);
            using ReducedRun native = Run(Backend.Available[0], 3);
            managed.AssertSame(native, $"{name}, {precision}, {weights}, {gradients}");
            Assert.All(ReducedRun.WeightsOf(native.Parameters[3]), w => Assert.True(w >= 0));
        }
    }

    [Theory]
    [InlineData("BFloat16")]
    [InlineData("EightBit")]
    public void AShorterRunAndAnotherSeedEndElsewhere(string precision)
    {
        // The comparisons above would be empty if nothing moved.
        OptimizerOptions options = PrecisionCases.Options("Keras Adamax", precision);
        using ReducedRun run = new ReducedRun(options, WeightKind.None, GradientKind.BFloat16, Lengths).Call(6);
        using ReducedRun shorter = new ReducedRun(options, WeightKind.None, GradientKind.BFloat16, Lengths).Call(5);
        OptimizerOptions reseeded = options with { Precision = options.Precision! with { Seed = 6 } };
        using ReducedRun other = new ReducedRun(reseeded, WeightKind.None, GradientKind.BFloat16, Lengths).Call(6);
        float[] weights = ReducedRun.WeightsOf(run.Parameters[0]);
        Assert.False(Bits.AreEqual(weights, ReducedRun.WeightsOf(shorter.Parameters[0])));
        Assert.False(Bits.AreEqual(weights, ReducedRun.WeightsOf(other.Parameters[0])));
    }

    private static ReducedRun Run(
        OptimizerOptions options, BackendSelection backend, WeightKind weights, GradientKind gradients) =>
        new ReducedRun(options with { Backend = backend }, weights, gradients, Lengths).Call(12);
}
