using CommunityToolkit.HighPerformance;
using NativeAdamax.Backends;
using NativeAdamax.Engine;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Sparse;

public sealed unsafe class RowSquaresTests
{
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheNormOfRowsHasTheBitsOfTheNormOfTheWholeGradient(BackendSelection selection)
    {
        KernelBackend backend = BackendChooser.Resolve(selection);
        Random random = new(11);
        foreach (int width in new[] { 1, 3, 32, 37, 4096, 10_007 })
        {
            int height = 400_000 / width;
            foreach (int count in new[] { 0, 1, 2, 5, 40 })
            {
                int[] rows = [.. Enumerable.Range(0, count).Select(_ => random.Next(height)).Distinct()];
                Rows given = new(rows, Training.Numbers((uint)random.Next(), rows.Length * width), width);
                float[] whole = given.Whole((long)height * width);
                using RowGradient gradient = new();
                gradient.Set(rows, new ReadOnlySpan2D<float>(given.Values, rows.Length, width));
                double expected = SumOfSquares(backend, whole);
                Assert.Equal(expected, RowSquares.Sum(gradient, (ulong)whole.Length));
                Assert.Equal(rows.Length > 0, expected > 0);
            }
        }
    }

    private static double SumOfSquares(KernelBackend backend, float[] gradient)
    {
        double[] sums = new double[Parts.BlocksOf((ulong)gradient.Length)];
        fixed (float* g = gradient)
        fixed (double* blocks = sums)
        {
            NaTensor tensor = new() { g = g, count = (ulong)gradient.Length };
            NaJob job = new() { kernels = backend.Kernels, tensors = &tensor, tensor_count = 1, end = tensor.count };
            Assert.Equal(NativeMethods.NA_OK, backend.SumSquares(&job, blocks, (ulong)sums.Length));
        }

        return PairwiseSum.Of(sums);
    }
}
