using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>What the native library refuses, the managed kernels refuse with the same status.</summary>
public sealed unsafe class JobCheckTests
{
    private delegate void Spoil(NaJob* job, NaTensor* tensors);

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ANullJobIsAnsweredByAStatus(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        foreach (Op op in Enum.GetValues<Op>())
            Assert.Equal(NativeMethods.NA_ERROR_NULL, KernelRun.Call(backend, op, null));
        double sum;
        ulong tensor, index;
        Assert.Equal(NativeMethods.NA_ERROR_NULL, backend.SumSquares(null, &sum, 1));
        Assert.Equal(NativeMethods.NA_ERROR_NULL, backend.FirstNonFinite(null, &tensor, &index));
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ABadRangeIsRefusedBeforeAnythingChanges(BackendSelection selection)
    {
        Answered(selection, NativeMethods.NA_ERROR_RANGE, (job, _) => job->begin = job->end + 1);
        Answered(selection, NativeMethods.NA_ERROR_RANGE, (job, _) => job->end++);
        Answered(selection, NativeMethods.NA_ERROR_RANGE, (job, _) => job->tensor_count--);
        Answered(selection, NativeMethods.NA_ERROR_RANGE, (_, tensors) => tensors[1].count = ulong.MaxValue / 2);
        Answered(selection, NativeMethods.NA_ERROR_RANGE, (_, tensors) => tensors[1].count = ulong.MaxValue / 4 + 1);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AMissingArrayIsRefusedBeforeAnythingChanges(BackendSelection selection)
    {
        Answered(selection, NativeMethods.NA_ERROR_NULL, (job, _) => job->tensors = null);
        Answered(selection, NativeMethods.NA_ERROR_NULL, (job, _) => job->rows = null);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ARowBeyondTheTableIsRefusedBeforeAnythingChanges(BackendSelection selection)
    {
        Answered(selection, NativeMethods.NA_ERROR_ROW, (_, tensors) => tensors[1].row = 2);
        Answered(selection, NativeMethods.NA_ERROR_ROW, (job, _) => job->row_count = 0);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void StepsBeyondTheTableAreRefusedBeforeAnythingChanges(BackendSelection selection)
    {
        foreach ((uint row, uint steps) in new[] { (0u, 3u), (1u, 2u), (0u, uint.MaxValue), (1u, uint.MaxValue) })
            Answered(selection, NativeMethods.NA_ERROR_ROW, (_, tensors) => SetRows(tensors, row, steps));
        foreach ((uint row, uint steps) in new[] { (0u, 0u), (0u, 2u), (1u, 0u), (1u, 1u) })
            Answered(selection, NativeMethods.NA_OK, (_, tensors) => SetRows(tensors, row, steps));
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AMissingStreamIsRefusedBeforeAnythingChanges(BackendSelection selection)
    {
        foreach (Op op in Enum.GetValues<Op>())
        {
            for (int stream = 0; stream < StreamBuffers.StreamCount; ++stream)
            {
                int missing = stream;
                bool needed = op.Needs().HasFlag((StreamSet)(1 << stream));
                int expected = needed ? NativeMethods.NA_ERROR_NULL : NativeMethods.NA_OK;
                Assert.Equal(expected, Status(selection, op, (_, tensors) => (&tensors[1].w)[missing] = null));
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AStreamBetweenTwoFloatsIsRefusedBeforeAnythingChanges(BackendSelection selection)
    {
        foreach (Op op in Enum.GetValues<Op>())
        {
            for (int stream = 0; stream < StreamBuffers.StreamCount; ++stream)
            {
                int moved = stream;
                bool used = op.With(~StreamSet.None).HasFlag((StreamSet)(1 << stream));
                int expected = used ? NativeMethods.NA_ERROR_ALIGNMENT : NativeMethods.NA_OK;
                Spoil spoil = (_, tensors) => (&tensors[1].w)[moved] = (float*)((byte*)(&tensors[1].w)[moved] + 2);
                Assert.Equal(expected, Status(selection, op, spoil));
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AnEmptyTensorNeedsNoStreams(BackendSelection selection)
    {
        foreach (Op op in Enum.GetValues<Op>())
        {
            int status = Status(selection, op, (job, tensors) =>
            {
                job->end -= tensors[1].count;
                tensors[1] = default;
            });
            Assert.Equal(NativeMethods.NA_OK, status);
        }
    }

    private static void SetRows(NaTensor* tensors, uint row, uint steps)
    {
        tensors[1].row = row;
        tensors[1].steps = steps;
    }

    private static void Answered(BackendSelection selection, int expected, Spoil spoil)
    {
        foreach (Op op in Enum.GetValues<Op>())
            Assert.Equal(expected, Status(selection, op, spoil));
    }

    /// <summary>
    /// The answer to a sound job of two rows and two tensors that was spoilt; if it is a refusal, nothing has changed.
    /// </summary>
    private static int Status(BackendSelection selection, Op op, Spoil spoil)
    {
        KernelBackend backend = AllBackends.Open(selection);
        int[] counts = [40, 40];
        using TensorListBuffers list = new(counts);
        using TensorListBuffers untouched = new(counts);
        NaScalars* rows = stackalloc NaScalars[2];
        rows[0] = rows[1] = new StepScalars { C1 = 0.5, C2 = 0.5, Eps = 1, Step = 1, Ema = 0.5 }.ToNative();
        NaTensor[] tensors = list.Tensors(~StreamSet.None);
        fixed (NaTensor* start = tensors)
        {
            NaJob job = KernelRun.Job(backend, start, tensors.Length, rows, 2);
            job.end = (ulong)list.Total;
            spoil(&job, start);
            int status = KernelRun.Call(backend, op, &job);
            if (status != NativeMethods.NA_OK)
                list.AssertSameBits(untouched, $"{op} on {selection} after status {status}");
            return status;
        }
    }
}
