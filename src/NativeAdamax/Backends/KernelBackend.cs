using NativeAdamax.Interop;

namespace NativeAdamax.Backends;

/// <summary>
/// The kernels that a step calls. Native and managed read the same structs, check them alike and answer with the same
/// status codes (NA_OK and NA_ERROR_...); a status other than NA_OK means that nothing was changed.
/// </summary>
internal abstract unsafe class KernelBackend(BackendInfo info, NaKernels* kernels)
{
    public BackendInfo Info { get; } = info;

    /// <summary>For <see cref="NaJob.kernels"/>; null when managed.</summary>
    public NaKernels* Kernels { get; } = kernels;

    public abstract int Adam(NaJob* job);

    public abstract int Adamax(NaJob* job);

    public abstract int AdamReplay(NaJob* job);

    public abstract int AdamaxReplay(NaJob* job);

    public abstract int Ema(NaJob* job);

    public abstract int Accumulate(NaJob* job);

    public abstract int Copy(NaJob* job);

    public abstract int SumSquares(NaJob* job, double* sums, ulong capacity);

    public abstract int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index);
}
