using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class RangeTests
{
    private static readonly int[] Counts = [0, 5, 64, 0, 1, 131, 33, 7, 0];

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void SplittingAListOfTensorsAnywhereChangesNoBit(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        foreach (Op op in Enum.GetValues<Op>())
        {
            using TensorListBuffers whole = new(Counts);
            Run(backend, op, whole, 0, whole.Total);
            for (int split = 0; split <= whole.Total; split += 3)
            {
                using TensorListBuffers parts = new(Counts);
                Run(backend, op, parts, split, whole.Total);
                Run(backend, op, parts, 0, split);
                parts.AssertSameBits(whole, $"{op} on {selection} split at {split}");
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ARangeChangesNoElementOutsideOfIt(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        foreach (Op op in Enum.GetValues<Op>())
        {
            using TensorListBuffers untouched = new(Counts);
            using TensorListBuffers whole = new(Counts);
            Run(backend, op, whole, 0, whole.Total);
            for (int begin = 0; begin <= whole.Total; begin += 11)
            {
                for (int end = begin; end <= whole.Total; end += 13)
                {
                    using TensorListBuffers range = new(Counts);
                    Run(backend, op, range, begin, end);
                    range.AssertMixture(whole, untouched, begin, end, $"{op} on {selection}, {begin} to {end}");
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
        NaJob job = KernelRun.Job(backend, tensors, 3, rows);
        job.row_count = 2;
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
        return buffers.Tensor(false, false) with { row = row };
    }

    private static void Run(KernelBackend backend, Op op, TensorListBuffers list, int begin, int end)
    {
        StepScalars scalars = new() { C1 = 0.1, C2 = 0.01, Eps = 1e-7, Step = 0.01, Ema = 0.1, ZeroGrad = true };
        NaScalars row = scalars.ToNative();
        NaTensor[] tensors = list.Tensors(withMax: op == Op.Adam, withEma: true);
        fixed (NaTensor* start = tensors)
        {
            NaJob job = KernelRun.Job(backend, start, tensors.Length, &row);
            job.begin = (ulong)begin;
            job.end = (ulong)end;
            Assert.Equal(NativeMethods.NA_OK, KernelRun.Call(backend, op, &job));
        }
    }
}
