using NativeAdamax.Interop;

namespace NativeAdamax.Backends;

internal sealed unsafe class ManagedBackend(string? fallbackReason)
    : KernelBackend(new BackendInfo(BackendKind.Managed, Isa.Best, null, fallbackReason), null)
{
    public override int Adam(NaJob* job) => throw new NotSupportedException();

    public override int Adamax(NaJob* job) => throw new NotSupportedException();

    public override int Ema(NaJob* job) => throw new NotSupportedException();

    public override int Accumulate(NaJob* job) => throw new NotSupportedException();

    public override int SumSquares(NaJob* job, double* sums, ulong capacity) => throw new NotSupportedException();

    public override int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index) => throw new NotSupportedException();
}
