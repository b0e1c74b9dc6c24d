using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>Calls an op for the part of every tensor of a job that lies between begin and end.</summary>
internal static unsafe class JobWalk
{
    public static int Run<TKernel>(NaJob* job)
        where TKernel : struct, IKernel
    {
        int status = JobCheck.Check(job, TKernel.Needs, TKernel.Uses, withRows: true);
        if (status != NativeMethods.NA_OK)
            return status;

        NaScalars* row = null;
        On on = On.Nothing;
        foreach (TensorPart part in new TensorParts(job))
        {
            if (part.Begin >= part.End)
                continue;

            NaTensor* t = job->tensors + part.Tensor;
            if (row != job->rows + t->row)
            {
                row = job->rows + t->row;
                on = Options.OfRow(row);
            }

            TKernel.Run(t, row, on | Options.OfStreams(t), (nuint)part.Begin, (nuint)part.End);
        }

        return NativeMethods.NA_OK;
    }

    public static int SumSquares(NaJob* job, double* sums, ulong capacity)
    {
        const ulong block = NativeMethods.NA_SUM_BLOCK;
        int status = JobCheck.Check(job, StreamSet.G, StreamSet.None, withRows: false);
        if (status != NativeMethods.NA_OK)
            return status;

        ulong blocks = 0;
        foreach (TensorPart part in new TensorParts(job))
        {
            ulong count = job->tensors[part.Tensor].count;
            if (!IsBoundary(part.Begin, count) || !IsBoundary(part.End, count))
                return NativeMethods.NA_ERROR_RANGE;
            if (part.Begin < part.End)
                blocks += (part.End - part.Begin + block - 1) / block;
        }

        if (blocks > capacity)
            return NativeMethods.NA_ERROR_CAPACITY;
        if (blocks > 0 && sums == null)
            return NativeMethods.NA_ERROR_NULL;

        foreach (TensorPart part in new TensorParts(job))
        {
            float* g = job->tensors[part.Tensor].g;
            for (ulong at = part.Begin; at < part.End; at += block)
                *sums++ = SumSquaresKernel.Block(g + at, (nuint)ulong.Min(part.End - at, block));
        }

        return NativeMethods.NA_OK;
    }

    public static int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index)
    {
        int status = JobCheck.Check(job, StreamSet.G, StreamSet.None, withRows: false);
        if (status != NativeMethods.NA_OK)
            return status;
        if (tensor == null || index == null)
            return NativeMethods.NA_ERROR_NULL;

        foreach (TensorPart part in new TensorParts(job))
        {
            if (part.Begin >= part.End)
                continue;

            ulong at = FirstNonFiniteKernel.Find(job->tensors[part.Tensor].g, (nuint)part.Begin, (nuint)part.End);
            if (at < part.End)
            {
                *tensor = part.Tensor;
                *index = at;
                return NativeMethods.NA_OK;
            }
        }

        *tensor = job->tensor_count;
        *index = 0;
        return NativeMethods.NA_OK;
    }

    /// <summary>Whether a range of blocks can begin or end at a position of a tensor.</summary>
    private static bool IsBoundary(ulong position, ulong count) =>
        position % NativeMethods.NA_SUM_BLOCK == 0 || position >= count;
}
