using CommunityToolkit.HighPerformance;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Sparse;

/// <summary>
/// tf_keras and PyTorch on gradients given by rows: after every step our float32 values are at most 1.1 times as far from
/// the exact result as the system's own at its worst, plus 2 ulp.
/// </summary>
public sealed class SparseGoldenTests
{
    [Theory]
    [InlineData("tf_keras/sparse_adam", SparseMode.Dense)]
    [InlineData("tf_keras/sparse_adam", SparseMode.Exact)]
    [InlineData("tf_keras/sparse_adamax", SparseMode.Dense)]
    [InlineData("tf_keras/sparse_adamax", SparseMode.Exact)]
    public void RowsGiveWhatTfKerasComputesForThem(string name, SparseMode mode)
    {
        SparseGolden golden = SparseGolden.Load(name);
        ReferenceSettings settings = OptimizerCases.Of(name.EndsWith("adamax", StringComparison.Ordinal) ? "TfKeras Adamax" : "TfKeras Adam") with
        {
            LearningRate = golden.LearningRate,
            Epsilon = golden.Epsilon,
        };
        ReferenceTensor exact = ReferenceTensor.Create(settings, golden.Initial);
        AssertNearAlong(
            golden,
            (parameter, backend) => OptimizerFactory.Create(
                [parameter], OptimizerFactory.Options(settings, new() { Backend = backend }) with { SparseMode = mode }),
            step => exact.Step(step.Whole(golden.Initial.Length, golden.Width)), exact.W, exact.M, exact.V);
    }

    [Fact]
    public void RowsGiveWhatPyTorchsSparseAdamComputesForThem()
    {
        SparseGolden golden = SparseGolden.Load("torch/sparse_adam_default");
        LazyRowsReference exact = new(golden.Initial, golden.Width, golden.LearningRate, golden.Epsilon);
        AssertNearAlong(
            golden,
            (parameter, backend) => new SparseAdam(
                [parameter],
                new SparseAdamOptions { LearningRate = golden.LearningRate, Epsilon = golden.Epsilon, Backend = backend }),
            step => exact.Step(step.Rows, step.Values), exact.W, exact.M, exact.V);
    }

    private static void AssertNearAlong(
        SparseGolden golden, Func<Parameter, BackendSelection, Optimizer> create, Action<SparseStep> stepExact,
        double[] w, double[] m, double[] v)
    {
        Parameter[] parameters = [.. Backend.Available.Select(_ => Parameter.Create(golden.Initial))];
        Optimizer[] optimizers = [.. Backend.Available.Select((b, k) => create(parameters[k], b))];
        Assert.Equal(10, golden.Steps.Count);
        foreach (SparseStep step in golden.Steps)
        {
            stepExact(step);
            for (int k = 0; k < parameters.Length; k++)
            {
                parameters[k].SetRowGradient(
                    step.Rows, new ReadOnlySpan2D<float>(step.Values, step.Rows.Length, golden.Width));
                optimizers[k].Step();
                optimizers[k].Flush();
                AssertNear(w, step.Weights, parameters[k].Weights, "weights");
                AssertNear(m, step.First, optimizers[k].State(parameters[k]).FirstMoment, "first moment");
                AssertNear(v, step.Second, optimizers[k].State(parameters[k]).SecondMoment, "second moment");
            }
        }

        foreach (Optimizer optimizer in optimizers)
            optimizer.Dispose();
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
    }

    private static void AssertNear(double[] exact, float[] theirs, ReadOnlySpan<float> ours, string what)
    {
        double worst = exact.Zip(theirs, (e, t) => Math.Abs(e - t)).Max();
        for (int i = 0; i < exact.Length; i++)
        {
            double bound = 1.1 * worst + 2 * Bits.Ulp(exact[i]);
            Assert.True(Math.Abs(ours[i] - exact[i]) <= bound, $"{what}[{i}]: {ours[i]:R} for {exact[i]:R}, theirs {theirs[i]:R}");
        }
    }
}
