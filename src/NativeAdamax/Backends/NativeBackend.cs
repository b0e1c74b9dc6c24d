using NativeAdamax.Interop;

namespace NativeAdamax.Backends;

internal sealed unsafe class NativeBackend : KernelBackend
{
    private NativeBackend(BackendInfo info, NaKernels* kernels)
        : base(info, kernels)
    {
    }

    /// <summary>The kernels of an instruction set; null where this build or this CPU does not have it.</summary>
    public static NativeBackend? TryOpen(Isa isa, string? libraryFile)
    {
        NaKernels* kernels;
        int opened;
        if (NativeMethods.na_kernels_open((int)isa, &kernels) != NativeMethods.NA_OK
            || NativeMethods.na_kernels_isa(kernels, &opened) != NativeMethods.NA_OK)
        {
            return null;
        }

        return new NativeBackend(new BackendInfo(BackendKind.Native, (Isa)opened, libraryFile, null), kernels);
    }

    public override int Adam(NaJob* job) => NativeMethods.na_adam_f32(job);

    public override int Adamax(NaJob* job) => NativeMethods.na_adamax_f32(job);

    public override int AdamReplay(NaJob* job) => NativeMethods.na_adam_replay_f32(job);

    public override int AdamaxReplay(NaJob* job) => NativeMethods.na_adamax_replay_f32(job);

    public override int Ema(NaJob* job) => NativeMethods.na_ema_f32(job);

    public override int Accumulate(NaJob* job) => NativeMethods.na_accumulate_f32(job);

    public override int Copy(NaJob* job) => NativeMethods.na_copy_f32(job);

    public override int SumSquares(NaJob* job, double* sums, ulong capacity) =>
        NativeMethods.na_sum_squares_f32(job, sums, capacity);

    public override int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index) =>
        NativeMethods.na_first_nonfinite_f32(job, tensor, index);
}
