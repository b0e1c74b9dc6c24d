using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The checks of the native library, in its order: nothing has been changed when they answer.</summary>
internal static unsafe class JobCheck
{
    private const int StreamCount = 8;

    /// <summary>Everything but <see cref="NaJob.kernels"/>, which the managed kernels do not read.</summary>
    public static int Check(NaJob* job, StreamSet needs, StreamSet uses, StreamSet writes, bool withRows)
    {
        if (job == null)
            return NativeMethods.NA_ERROR_NULL;
        if (job->begin > job->end)
            return NativeMethods.NA_ERROR_RANGE;
        if (job->tensors == null && job->tensor_count > 0)
            return NativeMethods.NA_ERROR_NULL;

        ulong total = 0;
        for (ulong i = 0; i < job->tensor_count; ++i)
        {
            NaTensor* t = job->tensors + i;
            int status = CheckTensor(t, needs, uses, writes, job->scratch);
            if (status != NativeMethods.NA_OK)
                return status;
            if (t->count > ulong.MaxValue - total)
                return NativeMethods.NA_ERROR_RANGE;
            if (t->packing != null && (PackedCheck.CutsBlock(t, needs | uses, total, job->begin)
                || PackedCheck.CutsBlock(t, needs | uses, total, job->end)))
            {
                return NativeMethods.NA_ERROR_RANGE;
            }

            total += t->count;
            if (withRows && (t->row >= job->row_count || t->steps > job->row_count - t->row))
                return NativeMethods.NA_ERROR_ROW;
        }

        if (withRows && job->rows == null && job->tensor_count > 0)
            return NativeMethods.NA_ERROR_NULL;
        return job->end > total ? NativeMethods.NA_ERROR_RANGE : NativeMethods.NA_OK;
    }

    private static int CheckTensor(NaTensor* t, StreamSet needs, StreamSet uses, StreamSet writes, float* scratch)
    {
        if (t->count > nuint.MaxValue / sizeof(float))
            return NativeMethods.NA_ERROR_RANGE;
        if (t->count == 0)
            return NativeMethods.NA_OK;
        if (t->packing != null)
            return PackedCheck.Check(t, needs, uses, writes, scratch);

        float** streams = &t->w;
        for (int i = 0; i < StreamCount; ++i)
        {
            StreamSet stream = (StreamSet)(1 << i);
            if (((needs | uses) & stream) == 0)
                continue;
            if (streams[i] == null && (needs & stream) != 0)
                return NativeMethods.NA_ERROR_NULL;
            if ((nuint)streams[i] % sizeof(float) != 0)
                return NativeMethods.NA_ERROR_ALIGNMENT;
        }

        return NativeMethods.NA_OK;
    }
}
