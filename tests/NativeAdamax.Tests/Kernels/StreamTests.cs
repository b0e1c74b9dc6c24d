using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>What the optional streams and the flags mean, in numbers that need no rounding.</summary>
public sealed unsafe class StreamTests
{
    /// <summary>m = g and v = g * g or |g|, so that d = sign(g).</summary>
    private static readonly StepScalars Signs = new() { C1 = 1, C2 = 1, Step = 2, Ema = 0.5 };

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ASumIsAddedToTheGradientBeforeItIsScaledAndIsThenZero(BackendSelection selection)
    {
        foreach (Op op in new[] { Op.Adam, Op.Adamax })
        {
            using StreamBuffers t = Run(selection, op, StreamSet.S, Signs with { GradScale = 0.5, Clip = 4 });
            Assert.Equal([3f, -4f, 4f], t[2].ToArray()); // g = 1, 2, 3 and s = 5, -16, 8
            Assert.Equal([0f, 0f, 0f], t[6].ToArray());
            Assert.Equal([1f, 2f, 3f], t[1].ToArray());
            Assert.Equal([8f, 2f, -3f], t[0].ToArray()); // w was 10, 0, -1
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AChangeIsWrittenAndTheWeightAndTheAverageStay(BackendSelection selection)
    {
        StepScalars scalars = Signs with { Lambda = 0.25, EmaOverwrite = true, NonNegative = true };
        foreach (Op op in new[] { Op.Adam, Op.Adamax })
        {
            using StreamBuffers t = Run(selection, op, StreamSet.D | StreamSet.A, scalars);
            Assert.Equal([-4.5f, -2f, -1.75f], t[7].ToArray());
            Assert.Equal([10f, 0f, -1f], t[0].ToArray());
            Assert.Equal([4f, 4f, -9f], t[5].ToArray());
            Assert.Equal([1f, 2f, 3f], t[2].ToArray());
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AnOverwritingAverageTakesTheNewWeightInAndReplacesIt(BackendSelection selection)
    {
        foreach (Op op in new[] { Op.Adam, Op.Adamax })
        {
            using StreamBuffers t = Run(selection, op, StreamSet.A, Signs with { EmaOverwrite = true });
            Assert.Equal([6f, 1f, -6f], t[5].ToArray()); // from w = 8, -2, -3
            Assert.Equal([6f, 1f, -6f], t[0].ToArray());
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AWeightBelowZeroBecomesZeroAfterTheAverageTookItIn(BackendSelection selection)
    {
        foreach (Op op in new[] { Op.Adam, Op.Adamax })
        {
            using StreamBuffers kept = Run(selection, op, StreamSet.A, Signs with { NonNegative = true });
            Assert.Equal([6f, 1f, -6f], kept[5].ToArray());
            Assert.Equal([8f, 0f, 0f], kept[0].ToArray());
            StepScalars both = Signs with { NonNegative = true, EmaOverwrite = true };
            using StreamBuffers overwritten = Run(selection, op, StreamSet.A, both);
            Assert.Equal([6f, 1f, -6f], overwritten[5].ToArray());
            Assert.Equal([6f, 1f, 0f], overwritten[0].ToArray());
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void OnlyAWeightBelowZeroIsReplacedByZero(BackendSelection selection)
    {
        float[] from = [-0f, float.NaN, -float.Epsilon, float.NegativeInfinity, float.PositiveInfinity, float.Epsilon];
        float[] to = [-0f, float.NaN, 0f, 0f, float.PositiveInfinity, float.Epsilon];
        foreach (Op op in new[] { Op.Adam, Op.Adamax, Op.AdamReplay, Op.AdamaxReplay })
        {
            using StreamBuffers t = new(from.Length, misalignment: 1);
            for (int i = 0; i < StreamBuffers.StreamCount; ++i)
                t[i].Clear();
            from.CopyTo(t[0]);
            NaScalars[] rows = [new StepScalars { Eps = 1, NonNegative = true }.ToNative()];
            Run(selection, op, t.Tensor(op.Needs()) with { steps = op.IsReplay() ? 1u : 0 }, rows);
            Bits.AssertSame(to, t[0], $"{op} on {selection}");
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AReplayMovesWeightsByTheMomentsThatEveryRowLeaves(BackendSelection selection)
    {
        NaScalars[] rows =
        [
            new StepScalars { C1 = 0.5, C2 = 0.75, Step = 1 }.ToNative(),
            new StepScalars { C1 = 0.25, C2 = 0.75, Step = 8 }.ToNative(),
        ];
        (Op, float V, float W)[] cases = [(Op.AdamReplay, 64, 3 - 2 - 8 * 3), (Op.AdamaxReplay, 16, 3 - 2 - 8 * 6)];
        foreach ((Op op, float v, float w) in cases)
        {
            using StreamBuffers t = new(1, misalignment: 1);
            (t[0][0], t[2][0], t[3][0]) = (3, 16, v);
            Run(selection, op, t.Tensor(op.Needs()) with { steps = 2 }, rows);
            Assert.Equal(6, t[2][0]);
            Assert.Equal(v / 16, t[3][0]);
            Assert.Equal(w, t[0][0]);
        }
    }

    private static StreamBuffers Run(BackendSelection selection, Op op, StreamSet streams, StepScalars scalars)
    {
        StreamBuffers t = new(3, misalignment: 1);
        float[][] values = [[10, 0, -1], [1, 2, 3], [0, 0, 0], [0, 0, 0], [0, 0, 0], [4, 4, -9], [5, -16, 8], [7, 7, 7]];
        for (int i = 0; i < values.Length; ++i)
            values[i].CopyTo(t[i]);
        Run(selection, op, t.Tensor(op.With(streams)), [scalars.ToNative()]);
        return t;
    }

    private static void Run(BackendSelection selection, Op op, NaTensor tensor, NaScalars[] rows)
    {
        KernelBackend backend = AllBackends.Open(selection);
        fixed (NaScalars* start = rows)
        {
            NaJob job = KernelRun.Job(backend, &tensor, 1, start, rows.Length);
            job.end = tensor.count;
            Assert.Equal(NativeMethods.NA_OK, KernelRun.Call(backend, op, &job));
        }
    }
}
