using NativeAdamax.Backends;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests;

public sealed class FusedOpsTests
{
    private static readonly StepScalars Scalars = new() { C1 = 0.1, C2 = 0.001, Eps = 1e-8, Step = 0.01, Ema = 0.25 };

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AdamIsTheFormulaOfThePaperOnEveryBackend(BackendSelection selection)
    {
        const int count = 77;
        const double alpha = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
        float[] w = Ramp(count), g = new float[count], m = new float[count], v = new float[count], a = Ramp(count);
        double[] w64 = [.. w.Select(x => (double)x)], m64 = new double[count], v64 = new double[count], a64 = [.. w64];
        for (int t = 1; t <= 20; ++t)
        {
            double b1 = 1 - Math.Pow(beta1, t), b2 = 1 - Math.Pow(beta2, t);
            for (int i = 0; i < count; ++i)
            {
                g[i] = MathF.Sin(t * (i + 1));
                m64[i] = beta1 * m64[i] + (1 - beta1) * g[i];
                v64[i] = beta2 * v64[i] + (1 - beta2) * g[i] * g[i];
                w64[i] -= alpha * (m64[i] / b1) / (Math.Sqrt(v64[i] / b2) + epsilon);
                a64[i] = 0.75 * a64[i] + 0.25 * w64[i];
            }

            StepScalars scalars = new()
            {
                C1 = 1 - beta1,
                C2 = 1 - beta2,
                Eps = epsilon * Math.Sqrt(b2),
                Step = alpha * Math.Sqrt(b2) / b1,
                Ema = 0.25,
            };
            FusedOps.Adam(AllBackends.Open(selection), w, g, m, v, scalars, default, a);
        }

        for (int i = 0; i < count; ++i)
        {
            Assert.Equal(w64[i], w[i], 2e-6);
            Assert.Equal(a64[i], a[i], 2e-6);
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AdamaxIsTheFormulaOfThePaperOnEveryBackend(BackendSelection selection)
    {
        const int count = 77;
        const double alpha = 0.01, beta1 = 0.9, beta2 = 0.999;
        float[] w = Ramp(count), g = new float[count], m = new float[count], u = new float[count];
        double[] w64 = [.. w.Select(x => (double)x)], m64 = new double[count], u64 = new double[count];
        for (int t = 1; t <= 20; ++t)
        {
            for (int i = 0; i < count; ++i)
            {
                g[i] = MathF.Sin(t * (i + 1));
                m64[i] = beta1 * m64[i] + (1 - beta1) * g[i];
                u64[i] = Math.Max(beta2 * u64[i], Math.Abs(g[i]));
                w64[i] -= alpha / (1 - Math.Pow(beta1, t)) * m64[i] / u64[i];
            }

            StepScalars scalars = new()
            {
                C1 = 1 - beta1,
                C2 = 1 - beta2,
                Step = alpha / (1 - Math.Pow(beta1, t)),
            };
            FusedOps.Adamax(AllBackends.Open(selection), w, g, m, u, scalars, default);
        }

        for (int i = 0; i < count; ++i)
            Assert.Equal(w64[i], w[i], 2e-6);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheMaximumStreamNeverFallsAndStandsInTheDenominator(BackendSelection selection)
    {
        float[] w = [0, 0], m = [0, 0], v = [0, 0], x = [0, 0];
        StepScalars scalars = new() { C1 = 1, C2 = 1, Eps = 1e-8, Step = 1 };
        FusedOps.Adam(AllBackends.Open(selection), w, [4f, 1f], m, v, scalars, x, default);
        Assert.Equal([16f, 1f], x);
        FusedOps.Adam(AllBackends.Open(selection), w, [1f, 2f], m, v, scalars, x, default);
        Assert.Equal([16f, 4f], x);
        Assert.Equal([1f, 4f], v);
        Assert.Equal([-1.25f, -2f], w);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheAverageReplacesTheWeightsAndWeightsStayFromZeroUpWhereAsked(BackendSelection selection)
    {
        float[] w = [4, 1], m = [0, 0], v = [0, 0], a = [8, 0];
        StepScalars scalars = new() { C1 = 1, C2 = 1, Step = 2, Ema = 0.5, EmaOverwrite = true, NonNegative = true };
        FusedOps.Adam(AllBackends.Open(selection), w, [1f, 1f], m, v, scalars, default, a);
        Assert.Equal([5f, -0.5f], a);
        Assert.Equal([5f, 0f], w);
        FusedOps.Adamax(AllBackends.Open(selection), w, [1f, 1f], m, v, scalars, a);
        Assert.Equal([4f, -1.25f], a);
        Assert.Equal([4f, 0f], w);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AveragesAndSumsOfGradientsAreWhatTheySay(BackendSelection selection)
    {
        float[] a = [0, 8], g = [1, 2], s = [10, 20];
        FusedOps.Ema(AllBackends.Open(selection), [4f, 4f], a, 0.25);
        Assert.Equal([1f, 7f], a);
        FusedOps.Accumulate(AllBackends.Open(selection), g, s, 0.5, zeroGrad: false);
        Assert.Equal([10.5f, 21f], s);
        Assert.Equal([1f, 2f], g);
        FusedOps.Accumulate(AllBackends.Open(selection), g, s, 1, zeroGrad: true);
        Assert.Equal([11.5f, 23f], s);
        Assert.Equal([0f, 0f], g);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ALongSumOfSquaresIsTheTreeOverItsBlocks(BackendSelection selection)
    {
        float[] values = new float[150 * 4096 + 17];
        TestValues.Training(values.Length).CopyTo(values, 1);
        double[] blocks = [.. values.Chunk(4096).Select(c => FusedOps.SumOfSquares(AllBackends.Open(selection), c))];
        Assert.Equal(PairwiseSum.Of(blocks), FusedOps.SumOfSquares(AllBackends.Open(selection), values));
        Assert.Equal(values.Sum(x => (double)x * x), FusedOps.SumOfSquares(values), 1e-6);
    }

    [Fact]
    public void TheFirstValueThatIsNotFiniteIsFound()
    {
        float[] values = Ramp(1000);
        Assert.Equal(-1, FusedOps.FirstNonFinite(values));
        values[999] = float.NaN;
        Assert.Equal(999, FusedOps.FirstNonFinite(values));
        values[3] = float.NegativeInfinity;
        Assert.Equal(3, FusedOps.FirstNonFinite(values));
    }

    [Fact]
    public void EmptySpansAreServed()
    {
        FusedOps.Adam([], [], [], [], Scalars);
        FusedOps.Adamax([], [], [], [], Scalars);
        FusedOps.Ema([], [], 0.5);
        FusedOps.Accumulate([], []);
        Assert.Equal(0, FusedOps.SumOfSquares([]));
        Assert.Equal(-1, FusedOps.FirstNonFinite([]));
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ASpanOperationAllocatesNothing(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        float[] w = Ramp(5000), g = Ramp(5000), m = new float[5000], v = new float[5000], x = new float[5000];
        float[] a = Ramp(5000);
        long bytes = 0;
        for (int i = 0; i < 3; ++i)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            FusedOps.Adam(backend, w, g, m, v, Scalars, x, a);
            FusedOps.Adam(backend, w, g, m, v, Scalars with { Clip = 1 }, x, a);
            FusedOps.Adamax(backend, w, g, m, v, Scalars, a);
            FusedOps.Ema(backend, w, a, 0.5);
            FusedOps.Accumulate(backend, g, x, 0.5, zeroGrad: true);
            FusedOps.SumOfSquares(backend, w);
            FusedOps.FirstNonFinite(backend, w);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, bytes);
    }

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i / 128f)];
}
