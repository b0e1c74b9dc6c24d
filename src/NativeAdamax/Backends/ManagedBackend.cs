using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Backends;

internal sealed unsafe class ManagedBackend(string? fallbackReason)
    : KernelBackend(new BackendInfo(BackendKind.Managed, Isa.Best, null, fallbackReason), null)
{
    public override int Adam(NaJob* job) => JobWalk.Run<AdamKernel>(job);

    public override int Adamax(NaJob* job) => JobWalk.Run<AdamaxKernel>(job);

    public override int AdamReplay(NaJob* job) => JobWalk.Run<ReplayKernel<AdamKernel, AdamKernel>>(job);

    public override int AdamaxReplay(NaJob* job) => JobWalk.Run<ReplayKernel<AdamaxKernel, AdamaxKernel>>(job);

    public override int Ema(NaJob* job) => JobWalk.Run<EmaKernel>(job);

    public override int Accumulate(NaJob* job) => JobWalk.Run<AccumulateKernel>(job);

    public override int Copy(NaJob* job) => JobWalk.Run<CopyKernel>(job);

    public override int SumSquares(NaJob* job, double* sums, ulong capacity) =>
        JobWalk.SumSquares(job, sums, capacity);

    public override int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index) =>
        JobWalk.FirstNonFinite(job, tensor, index);
}
