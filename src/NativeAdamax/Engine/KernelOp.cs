using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>The ops that run over a list of tensors in parts.</summary>
internal enum KernelOp
{
    Adam,
    Adamax,
    Ema,
    Accumulate,
    AdamReplay,
    AdamaxReplay,
    Copy,
    SumSquares,
}

internal static unsafe class KernelOps
{
    /// <summary>One call of one op for one part, which answers with a status.</summary>
    public static int Run(this KernelBackend backend, KernelOp op, Parts parts, int part)
    {
        NaJob* job = parts.Jobs + part;
        return op switch
        {
            KernelOp.Adam => backend.Adam(job),
            KernelOp.Adamax => backend.Adamax(job),
            KernelOp.Ema => backend.Ema(job),
            KernelOp.Accumulate => backend.Accumulate(job),
            KernelOp.AdamReplay => backend.AdamReplay(job),
            KernelOp.AdamaxReplay => backend.AdamaxReplay(job),
            KernelOp.Copy => backend.Copy(job),
            _ => backend.SumSquares(
                job, parts.Sums + parts.FirstBlock(part), parts.SumCapacity - parts.FirstBlock(part)),
        };
    }
}
