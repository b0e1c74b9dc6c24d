using System.Runtime.InteropServices;
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

    [Fact]
    public void ASpanOfAnotherLengthIsRefusedByName()
    {
        float[] w = Ramp(8), g = Ramp(8), m = new float[8], v = new float[8], s = new float[7];
        Refused("g", () => FusedOps.Adam(w, s, m, v, Scalars));
        Refused("m", () => FusedOps.Adam(w, g, s, v, Scalars));
        Refused("v", () => FusedOps.Adam(w, g, m, s, Scalars));
        Refused("x", () => FusedOps.Adam(w, g, m, v, Scalars, s));
        Refused("a", () => FusedOps.Adam(w, g, m, v, Scalars, default, s));
        Refused("g", () => FusedOps.Adamax(w, s, m, v, Scalars));
        Refused("m", () => FusedOps.Adamax(w, g, s, v, Scalars));
        Refused("u", () => FusedOps.Adamax(w, g, m, s, Scalars));
        Refused("a", () => FusedOps.Adamax(w, g, m, v, Scalars, s));
        Refused("a", () => FusedOps.Ema(w, s, 0.5));
        Refused("s", () => FusedOps.Accumulate(g, s));
        Assert.Equal(Ramp(8), w);
    }

    [Fact]
    public void SpansThatShareOneElementAreRefusedByNameAndNeighboursAreNot()
    {
        float[] all = Ramp(32), g = Ramp(8), m = new float[8], v = new float[8];
        Refused("v", () => FusedOps.Adam(all.AsSpan(0, 8), g, m, all.AsSpan(7, 8), Scalars));
        Refused("u", () => FusedOps.Adamax(all.AsSpan(7, 8), g, m, all.AsSpan(0, 8), Scalars));
        Refused("g", () => FusedOps.Adam(all.AsSpan(0, 8), all.AsSpan(0, 8), m, v, Scalars));
        Refused("a", () => FusedOps.Adam(all.AsSpan(0, 8), g, m, v, Scalars, default, all.AsSpan(4, 8)));
        Refused("a", () => FusedOps.Ema(all.AsSpan(0, 8), all.AsSpan(7, 8), 0.5));
        Refused("s", () => FusedOps.Accumulate(all.AsSpan(0, 8), all.AsSpan(7, 8)));
        Assert.Equal(Ramp(32), all);
        FusedOps.Adam(all.AsSpan(0, 8), all.AsSpan(8, 8), all.AsSpan(16, 8), all.AsSpan(24, 8), Scalars);
        Assert.NotEqual(0, all[0]);
    }

    [Fact]
    public void ASpanBetweenTwoFloatsIsRefused()
    {
        byte[] bytes = new byte[64];
        Refused("g", () => FusedOps.Accumulate(Shifted(bytes), new float[8]));
        Refused("values", () => FusedOps.SumOfSquares(Shifted(bytes)));
        Refused("values", () => FusedOps.FirstNonFinite(Shifted(bytes)));
    }

    [Theory]
    [InlineData("GradScale", double.NaN)]
    [InlineData("GradScale", 1e39)]
    [InlineData("Clip", 0)]
    [InlineData("Clip", -1)]
    [InlineData("Clip", double.NaN)]
    [InlineData("L2", -0.1)]
    [InlineData("L2", double.PositiveInfinity)]
    [InlineData("C1", -0.1)]
    [InlineData("C1", 1.1)]
    [InlineData("C1", double.NaN)]
    [InlineData("C2", 1.1)]
    [InlineData("C2", double.NaN)]
    [InlineData("VCap", -1)]
    [InlineData("VCap", double.NaN)]
    [InlineData("NuScale", -1)]
    [InlineData("NuScale", double.NaN)]
    [InlineData("Root", -1)]
    [InlineData("Root", double.NaN)]
    [InlineData("Eps", -1)]
    [InlineData("Eps", double.NaN)]
    [InlineData("EpsIn", -1)]
    [InlineData("EpsIn", double.NaN)]
    [InlineData("NumM", double.NaN)]
    [InlineData("NumG", double.NegativeInfinity)]
    [InlineData("Lambda", double.NaN)]
    [InlineData("Step", double.NaN)]
    [InlineData("Step", 1e39)]
    [InlineData("Ema", -0.1)]
    [InlineData("Ema", double.NaN)]
    public void AScalarOutOfRangeIsRefusedWithItsNameAndValue(string name, double value)
    {
        float[] w = Ramp(8), g = Ramp(8), m = new float[8], v = new float[8];
        StepScalars bad = With(name, value);
        Action[] calls = [() => FusedOps.Adam(w, g, m, v, bad), () => FusedOps.Adamax(w, g, m, v, bad)];
        foreach (Action call in calls)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("scalars", call);
            Assert.Equal(value, error.ActualValue);
            Assert.StartsWith(name + " must be ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(Ramp(8), w);
    }

    [Fact]
    public void NumbersOutOfRangeAreRefusedByTheSmallOperations()
    {
        float[] w = Ramp(8), a = Ramp(8);
        Assert.Throws<ArgumentOutOfRangeException>("ema", () => FusedOps.Ema(w, a, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>("ema", () => FusedOps.Ema(w, a, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => FusedOps.Accumulate(w, a, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => FusedOps.Accumulate(w, a, 1e39));
    }

    [Fact]
    public void ScalarsThatWereNeverSetAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        "scalars", () => FusedOps.Adam(new float[1], new float[1], new float[1], new float[1], default));

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i / 128f)];

    private static Span<float> Shifted(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes.AsSpan(1, 32));

    private static void Refused(string name, Action call)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(name, call);
        Assert.StartsWith(name + " ", error.Message, StringComparison.Ordinal);
    }

    private static StepScalars With(string name, double value) => name switch
    {
        "GradScale" => Scalars with { GradScale = value },
        "Clip" => Scalars with { Clip = value },
        "L2" => Scalars with { L2 = value },
        "C1" => Scalars with { C1 = value },
        "C2" => Scalars with { C2 = value },
        "VCap" => Scalars with { VCap = value },
        "NuScale" => Scalars with { NuScale = value },
        "Root" => Scalars with { Root = value },
        "Eps" => Scalars with { Eps = value },
        "EpsIn" => Scalars with { EpsIn = value },
        "NumM" => Scalars with { NumM = value },
        "NumG" => Scalars with { NumG = value },
        "Lambda" => Scalars with { Lambda = value },
        "Step" => Scalars with { Step = value },
        "Ema" => Scalars with { Ema = value },
        _ => throw new ArgumentException(name, nameof(name)),
    };
}
