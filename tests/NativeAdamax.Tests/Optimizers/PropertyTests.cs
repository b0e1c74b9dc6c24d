using FsCheck;
using FsCheck.Fluent;
using NativeAdamax.Tests.Reference;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>What holds for every optimizer, every dialect and any numbers.</summary>
public sealed class PropertyTests
{
    private static readonly string[] Names = [.. OptimizerCases.All];

    /// <summary>A short run of one tensor: its weights at first and its gradients step by step.</summary>
    internal sealed record Run(string Optimizer, float[] Initial, float[][] Gradients)
    {
        public override string ToString() =>
            $"{Optimizer}: w {string.Join(' ', Initial)}; g "
            + string.Join("; ", Gradients.Select(g => string.Join(' ', g)));
    }

    private static readonly Gen<float> Number =
        from mantissa in Gen.Choose(-(1 << 24), 1 << 24)
        from exponent in Gen.Choose(-30, 4)
        select (float)Math.ScaleB(mantissa, exponent - 24);

    private static readonly Gen<Run> Runs =
        from name in Gen.Elements(Names)
        from length in Gen.Choose(1, 80)
        from steps in Gen.Choose(1, 5)
        from initial in Gen.ArrayOf(Number, length)
        from gradients in Gen.ArrayOf(Gen.ArrayOf(Number, length), steps)
        select new Run(name, initial, gradients);

    [Fact]
    public void AStepCommutesWithAnyPermutationOfTheElements() => Always.Holds(
        from run in Runs
        from order in Gen.Shuffle(Enumerable.Range(0, run.Initial.Length).ToArray())
        select (run, order),
        x =>
        {
            float[] Permuted(float[] values) => [.. x.order.Select(i => values[i])];
            Run permuted =
                x.run with { Initial = Permuted(x.run.Initial), Gradients = [.. x.run.Gradients.Select(Permuted)] };
            Bits.AssertEqual(Permuted(Weights(x.run)), Weights(permuted), x.run.Optimizer);
        });

    [Fact]
    public void ATensorSplitIntoSeveralEndsOnTheSameBits() => Always.Holds(
        from run in Runs
        from cuts in Gen.ArrayOf(Gen.Choose(0, run.Initial.Length))
        select (run, cuts: cuts.Distinct().Where(c => c > 0 && c < run.Initial.Length).Order().ToArray()),
        x => Bits.AssertEqual(Weights(x.run), Weights(x.run, x.cuts), x.run.Optimizer));

    [Fact]
    public void GradientsScaledByAPowerOfTwoMoveTheWeightsAlikeWithoutEpsilon() => Always.Holds(
        from run in Runs
        from magnitude in Gen.Choose(-20, 20)
        where !run.Optimizer.StartsWith("MXNet AdamW", StringComparison.Ordinal)
        select (run, magnitude),
        x =>
        {
            // Zero gradients would be 0/0, and too small ones would leave the range of normal numbers.
            static float[] Clear(float[] g) => [.. g.Select(v => Math.Abs(v) < 1e-6f ? 0.5f : v)];
            Run run = x.run with { Gradients = [.. x.run.Gradients.Select(Clear)] };
            float[] Scaled(float[] g) => [.. g.Select(v => MathF.ScaleB(v, x.magnitude))];
            Run scaled = run with { Gradients = [.. run.Gradients.Select(Scaled)] };
            Bits.AssertEqual(Weights(run, epsilon: 0), Weights(scaled, epsilon: 0), run.Optimizer);
        });

    [Fact]
    public void TheMaximumOfAmsGradNeverFallsAndIsNeverBelowTheSecondMoment() => Always.Holds(
        from run in Runs
        from peer in Gen.Elements("Keras", "TfKeras", "Optax", "Torch")
        select run with { Optimizer = peer + " AMSGrad" },
        run =>
        {
            using Parameter parameter = Parameter.Create(run.Initial);
            using Optimizer optimizer = OptimizerFactory.Create([parameter], OptimizerCases.Of(run.Optimizer));
            float[] before = new float[run.Initial.Length];
            foreach (float[] gradient in run.Gradients)
            {
                parameter.CopyGradient(gradient);
                optimizer.Step();
                ReadOnlySpan<float> maximum = optimizer.State(parameter).MaxSecondMoment;
                ReadOnlySpan<float> second = optimizer.State(parameter).SecondMoment;
                for (int i = 0; i < before.Length; i++)
                    Assert.True(maximum[i] >= before[i] && maximum[i] >= second[i],
                        $"{maximum[i]:R} after {before[i]:R} with v {second[i]:R}");
                maximum.CopyTo(before);
            }
        });

    [Fact]
    public void EveryBackendGivesTheSameBitsOnAnyNumbers() => Always.Holds(
        Runs,
        run =>
        {
            float[] managed = Weights(run, backend: new BackendSelection(BackendKind.Managed));
            foreach (BackendSelection backend in Backend.Available)
                Bits.AssertEqual(managed, Weights(run, backend: backend), $"{run.Optimizer} on {backend}");
        });

    [Fact]
    public void APropertyThatDoesNotHoldIsNoticed() =>
        Assert.ThrowsAny<Exception>(() =>
            Always.Holds(Runs, run => Bits.AssertEqual(run.Initial, Weights(run), "weights that moved")));

    private static float[] Weights(
        Run run, int[]? cuts = null, double? epsilon = null, BackendSelection? backend = null)
    {
        int[] starts = [0, .. cuts ?? [], run.Initial.Length];
        Parameter[] parameters = [.. Enumerable.Range(0, starts.Length - 1)
            .Select(k => Parameter.Create(run.Initial.AsSpan(starts[k]..starts[k + 1])))];
        try
        {
            ReferenceSettings settings = OptimizerCases.Of(run.Optimizer);
            settings = settings with { Epsilon = epsilon ?? settings.Epsilon, LearningRate = 0.0625 };
            using Optimizer optimizer = OptimizerFactory.Create(parameters, settings, new() { Backend = backend });
            foreach (float[] gradient in run.Gradients)
            {
                for (int k = 0; k < parameters.Length; k++)
                    parameters[k].CopyGradient(gradient.AsSpan(starts[k]..starts[k + 1]));
                optimizer.Step();
            }

            return [.. parameters.SelectMany(p => p.Weights.ToArray())];
        }
        finally
        {
            foreach (Parameter parameter in parameters)
                parameter.Dispose();
        }
    }
}
