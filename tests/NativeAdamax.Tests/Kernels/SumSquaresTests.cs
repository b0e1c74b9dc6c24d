using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class SumSquaresTests
{
    private const int Block = NativeMethods.NA_SUM_BLOCK;

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void BlockSumsHaveTheBitsOf32LanesAndATree(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        foreach (TestValues values in new[] { TestValues.Training(2 * Block + 1), TestValues.Specials(2 * Block + 1) })
        {
            foreach (int count in (int[])[.. Enumerable.Range(0, 301), Block - 1, Block, Block + 1, 2 * Block + 1])
            {
                using StreamBuffers streams = new(count, count % 16);
                streams.Fill(values);
                double[] sums = new double[(count + Block - 1) / Block];
                Assert.Equal(NativeMethods.NA_OK, Sum(backend, streams, 0, count, sums));
                for (int i = 0; i < sums.Length; ++i)
                {
                    double expected = ScalarSum(streams[1][(i * Block)..int.Min((i + 1) * Block, count)]);
                    Assert.Equal(expected, sums[i]);
                }

                streams.AssertGuardsUntouched($"sum of squares of {count} elements");
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ASumIsFiniteIfAndOnlyIfEveryElementIs(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using StreamBuffers streams = new(Block, 3);
        streams[1].Fill(float.MaxValue);
        double[] sums = new double[1];
        Sum(backend, streams, 0, Block, sums);
        Assert.True(double.IsFinite(sums[0]));
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (int at = 0; at < Block; at += 61)
            {
                streams[1][at] = bad;
                Sum(backend, streams, 0, Block, sums);
                Assert.False(double.IsFinite(sums[0]), $"{bad} at {at}");
                streams[1][at] = float.MinValue;
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ARangeThatCutsABlockIsRefused(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using StreamBuffers streams = new(2 * Block + 5, 0);
        streams.Fill(TestValues.Training(streams.Count));
        double[] sums = new double[3];
        Assert.Equal(NativeMethods.NA_ERROR_RANGE, Sum(backend, streams, 1, Block, sums));
        Assert.Equal(NativeMethods.NA_ERROR_RANGE, Sum(backend, streams, 0, Block + 1, sums));
        Assert.Equal(NativeMethods.NA_OK, Sum(backend, streams, Block, streams.Count, sums));
        Assert.Equal(ScalarSum(streams[1][Block..(2 * Block)]), sums[0]);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AnOutputThatIsTooSmallOrMissingIsRefused(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using StreamBuffers streams = new(2 * Block + 5, 0);
        streams.Fill(TestValues.Training(streams.Count));
        Assert.Equal(NativeMethods.NA_ERROR_CAPACITY, Sum(backend, streams, 0, streams.Count, new double[2]));
        NaTensor tensor = streams.Tensor(StreamSet.G);
        NaJob job = KernelRun.Job(backend, &tensor, 1, null, 0) with { end = tensor.count };
        Assert.Equal(NativeMethods.NA_ERROR_NULL, backend.SumSquares(&job, null, 3));
    }

    private static int Sum(KernelBackend backend, StreamBuffers streams, int begin, int end, double[] sums)
    {
        NaTensor tensor = streams.Tensor(StreamSet.G);
        NaJob job = KernelRun.Job(backend, &tensor, 1, null, 0) with { begin = (ulong)begin, end = (ulong)end };
        double none;
        fixed (double* start = sums)
            return backend.SumSquares(&job, start == null ? &none : start, (ulong)sums.Length);
    }

    private static double ScalarSum(ReadOnlySpan<float> g)
    {
        double[] lanes = new double[32];
        for (int i = 0; i < g.Length; ++i)
            lanes[i % 32] += (double)g[i] * g[i];
        for (int h = 16; h > 0; h /= 2)
        {
            for (int i = 0; i < h; ++i)
                lanes[i] += lanes[i + h];
        }

        return lanes[0];
    }
}
