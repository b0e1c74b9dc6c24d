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
}

internal static unsafe class KernelOps
{
    /// <summary>One call of one op, which answers with a status.</summary>
    public static int Run(this KernelBackend backend, KernelOp op, NaJob* job) => op switch
    {
        KernelOp.Adam => backend.Adam(job),
        KernelOp.Adamax => backend.Adamax(job),
        KernelOp.Ema => backend.Ema(job),
        _ => backend.Accumulate(job),
    };
}
