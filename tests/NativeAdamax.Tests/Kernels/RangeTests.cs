using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class RangeTests
{
    private static readonly int[] Counts = [0, 5, 64, 0, 1, 131, 33, 7, 0];

    private static readonly StepScalars Scalars = new()
    {
        C1 = 0.1,
        C2 = 0.01,
        Eps = 1e-7,
        Step = 0.01,
        Ema = 0.1,
        ZeroGrad = true,
        EmaOverwrite = true,
        NonNegative = true,
    };

    /// <summary>Every op with all the streams that it takes; those that take d also without it, so that w moves.</summary>
    private static IEnumerable<(Op Op, StreamSet Streams)> OpsAndStreams =>
        Enum.GetValues<Op>().SelectMany(
            op => new[] { op.With(~StreamSet.None), op.With(~StreamSet.D) }.Distinct(), (op, streams) => (op, streams));

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void SplittingAListOfTensorsAnywhereChangesNoBit(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        foreach ((Op op, StreamSet streams) in OpsAndStreams)
        {
            using TensorListBuffers whole = new(Counts);
            Run(backend, op, streams, whole, 0, whole.Total);
            for (int split = 0; split <= whole.Total; split += 3)
            {
                using TensorListBuffers parts = new(Counts);
                Run(backend, op, streams, parts, split, whole.Total);
                Run(backend, op, streams, parts, 0, split);
                parts.AssertSameBits(whole, $"{op} of {streams} on {selection} split at {split}");
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ARangeChangesNoElementOutsideOfIt(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        foreach ((Op op, StreamSet streams) in OpsAndStreams)
        {
            using TensorListBuffers untouched = new(Counts);
            using TensorListBuffers whole = new(Counts);
            Run(backend, op, streams, whole, 0, whole.Total);
            for (int begin = 0; begin <= whole.Total; begin += 11)
            {
                for (int end = begin; end <= whole.Total; end += 13)
                {
                    using TensorListBuffers range = new(Counts);
                    Run(backend, op, streams, range, begin, end);
                    string what = $"{op} of {streams} on {selection}, {begin} to {end}";
                    range.AssertMixture(whole, untouched, begin, end, what);
                }
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ATensorReadsTheScalarsOfItsOwnRow(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        NaScalars* rows = stackalloc NaScalars[2];
        rows[0] = new StepScalars { C1 = 1, C2 = 1, Eps = 1, Step = 1 }.ToNative();
        rows[1] = new StepScalars { C1 = 1, C2 = 1, Eps = 1, Step = 1, GradScale = 3 }.ToNative();
        using StreamBuffers first = new(9, 0);
        using StreamBuffers second = new(9, 1);
        NaTensor* tensors = stackalloc NaTensor[3];
        tensors[0] = Ready(first, 0);
        tensors[1] = Ready(second, 1);
        using StreamBuffers third = new(9, 2);
        tensors[2] = Ready(third, 0);
        NaJob job = KernelRun.Job(backend, tensors, 3, rows, 2);
        job.end = 27;
        Assert.Equal(NativeMethods.NA_OK, backend.Adam(&job));
        Assert.All(first[2].ToArray(), m => Assert.Equal(2, m));
        Assert.All(second[2].ToArray(), m => Assert.Equal(6, m));
        Assert.All(third[2].ToArray(), m => Assert.Equal(2, m));
    }

    private static NaTensor Ready(StreamBuffers buffers, uint row)
    {
        for (int i = 0; i < StreamBuffers.StreamCount; ++i)
            buffers[i].Clear();
        buffers[1].Fill(2);
        return buffers.Tensor(Op.Adam.Needs()) with { row = row };
    }

    /// <summary>Tensor i has row i % 2, and a replay takes i % 5 rows from there.</summary>
    private static void Run(
        KernelBackend backend, Op op, StreamSet streams, TensorListBuffers list, int begin, int end)
    {
        NaScalars* rows = stackalloc NaScalars[5];
        for (int i = 0; i < 5; ++i)
            rows[i] = (Scalars with { Step = 0.01 * (i + 1) }).ToNative();
        NaTensor[] tensors = list.Tensors(streams);
        for (int i = 0; i < tensors.Length; ++i)
        {
            tensors[i].row = (uint)i % 2;
            tensors[i].steps = op.IsReplay() ? (uint)i % 5 : 0;
        }

        fixed (NaTensor* start = tensors)
        {
            NaJob job = KernelRun.Job(backend, start, tensors.Length, rows, 5);
            job.begin = (ulong)begin;
            job.end = (ulong)end;
            Assert.Equal(NativeMethods.NA_OK, KernelRun.Call(backend, op, &job));
        }
    }
}
