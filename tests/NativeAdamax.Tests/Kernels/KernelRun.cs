using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

internal static unsafe class KernelRun
{
    public static void Run(KernelBackend backend, Op op, StreamBuffers streams, StepCase step)
    {
        NaTensor tensor = streams.Tensor(op.With(step.Streams)) with
        {
            row = StepCase.FirstRow,
            steps = op.IsReplay() ? step.Steps : 0,
        };
        fixed (NaScalars* rows = step.Rows)
        {
            NaJob job = Job(backend, &tensor, 1, rows, step.Rows.Length);
            job.end = tensor.count;
            Assert.Equal(NativeMethods.NA_OK, Call(backend, op, &job));
        }
    }

    public static void RunScalar(Op op, StreamBuffers streams, StepCase step)
    {
        StreamSet present = op.With(step.Streams);
        NaScalars row = step.Rows[StepCase.FirstRow];
        ReadOnlySpan<NaScalars> replayed = step.Rows.AsSpan(StepCase.FirstRow, (int)step.Steps);
        switch (op)
        {
            case Op.Adam:
                ScalarKernels.Adam(streams, row, present);
                break;
            case Op.Adamax:
                ScalarKernels.Adamax(streams, row, present);
                break;
            case Op.AdamReplay:
                ScalarKernels.AdamReplay(streams, replayed, present);
                break;
            case Op.AdamaxReplay:
                ScalarKernels.AdamaxReplay(streams, replayed, present);
                break;
            case Op.Ema:
                ScalarKernels.Ema(streams, row);
                break;
            case Op.Copy:
                streams[1].CopyTo(streams[0]);
                break;
            default:
                ScalarKernels.Accumulate(streams, row);
                break;
        }
    }

    public static NaJob Job(KernelBackend backend, NaTensor* tensors, int count, NaScalars* rows, int rowCount) => new()
    {
        kernels = backend.Kernels,
        rows = rows,
        tensors = tensors,
        row_count = (ulong)rowCount,
        tensor_count = (ulong)count,
    };

    public static int Call(KernelBackend backend, Op op, NaJob* job) => op switch
    {
        Op.Adam => backend.Adam(job),
        Op.Adamax => backend.Adamax(job),
        Op.AdamReplay => backend.AdamReplay(job),
        Op.AdamaxReplay => backend.AdamaxReplay(job),
        Op.Ema => backend.Ema(job),
        Op.Copy => backend.Copy(job),
        _ => backend.Accumulate(job),
    };
}
