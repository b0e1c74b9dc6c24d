using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>Calls an op for the part of every tensor of a job that lies between begin and end.</summary>
internal static unsafe class JobWalk
{
    public static int Run<TKernel>(NaJob* job)
        where TKernel : struct, IKernel
    {
        int status = JobCheck.Check(job, TKernel.Needs, TKernel.Uses, TKernel.Writes, withRows: true);
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

            if (t->packing != null)
                PackedTiles.Run<TKernel>(t, row, on, (nuint)part.Begin, (nuint)part.End, job->scratch);
            else
                TKernel.Run(t, row, on | Options.OfStreams(t), (nuint)part.Begin, (nuint)part.End);
        }

        return NativeMethods.NA_OK;
    }

    public static int SumSquares(NaJob* job, double* sums, ulong capacity)
    {
        const ulong block = NativeMethods.NA_SUM_BLOCK;
        int status = CheckGradient(job);
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
            NaTensor* t = job->tensors + part.Tensor;
            for (ulong at = part.Begin; at < part.End; at += block)
            {
                nuint count = (nuint)ulong.Min(part.End - at, block);
                *sums++ = SumSquaresKernel.Block(PackedTiles.Gradient(t, (nuint)at, count, job->scratch), count);
            }
        }

        return NativeMethods.NA_OK;
    }

    public static int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index)
    {
        int status = CheckGradient(job);
        if (status != NativeMethods.NA_OK)
            return status;
        if (tensor == null || index == null)
            return NativeMethods.NA_ERROR_NULL;

        foreach (TensorPart part in new TensorParts(job))
        {
            nuint at = FirstNonFinite(
                job->tensors + part.Tensor, (nuint)part.Begin, (nuint)part.End, job->scratch);
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

    /// <summary>Its index in the tensor, from begin to end - 1; end or above if there is none.</summary>
    private static nuint FirstNonFinite(NaTensor* t, nuint begin, nuint end, float* scratch)
    {
        const nuint block = NativeMethods.NA_SUM_BLOCK;
        if (begin < end && t->g != null)
            return FirstNonFiniteKernel.Find(t->g, begin, end);
        while (begin < end)
        {
            nuint count = nuint.Min(end - begin, block - begin % block);
            nuint found = FirstNonFiniteKernel.Find(PackedTiles.Gradient(t, begin, count, scratch), 0, count);
            begin += found;
            if (found < count)
                break;
        }

        return begin;
    }

    /// <summary>The check of the ops that answer with a number.</summary>
    private static int CheckGradient(NaJob* job) =>
        JobCheck.Check(job, StreamSet.G, StreamSet.None, StreamSet.None, withRows: false);

    /// <summary>Whether a range of blocks can begin or end at a position of a tensor.</summary>
    private static bool IsBoundary(ulong position, ulong count) =>
        position % NativeMethods.NA_SUM_BLOCK == 0 || position >= count;
}
