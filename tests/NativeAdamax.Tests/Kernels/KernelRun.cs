using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>The ops that change streams.</summary>
public enum Op
{
    Adam,
    Adamax,
    Ema,
    Accumulate,
}

internal static unsafe class KernelRun
{
    public static void Run(
        KernelBackend backend, Op op, StreamBuffers streams, StepScalars scalars, bool withMax, bool withEma)
    {
        NaTensor tensor = streams.Tensor(withMax && op == Op.Adam, withEma || op == Op.Ema);
        NaScalars row = scalars.ToNative();
        NaJob job = Job(backend, &tensor, 1, &row);
        job.end = tensor.count;
        Assert.Equal(NativeMethods.NA_OK, Call(backend, op, &job));
    }

    public static void RunScalar(Op op, StreamBuffers streams, StepScalars scalars, bool withMax, bool withEma)
    {
        NaScalars row = scalars.ToNative();
        switch (op)
        {
            case Op.Adam:
                ScalarKernels.Adam(streams, row, withMax, withEma);
                break;
            case Op.Adamax:
                ScalarKernels.Adamax(streams, row, withEma);
                break;
            case Op.Ema:
                ScalarKernels.Ema(streams, row);
                break;
            default:
                ScalarKernels.Accumulate(streams, row);
                break;
        }
    }

    public static NaJob Job(KernelBackend backend, NaTensor* tensors, int count, NaScalars* row) => new()
    {
        kernels = backend.Kernels,
        rows = row,
        tensors = tensors,
        row_count = row == null ? 0ul : 1ul,
        tensor_count = (ulong)count,
    };

    public static int Call(KernelBackend backend, Op op, NaJob* job) => op switch
    {
        Op.Adam => backend.Adam(job),
        Op.Adamax => backend.Adamax(job),
        Op.Ema => backend.Ema(job),
        _ => backend.Accumulate(job),
    };
}
