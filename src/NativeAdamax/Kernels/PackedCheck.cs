using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The checks of a tensor with a packing, in the order of the native library.</summary>
internal static unsafe class PackedCheck
{
    private const uint ScratchAlignment = 64;

    public static int Check(NaTensor* t, StreamSet needs, StreamSet uses, StreamSet writes, float* scratch)
    {
        NaPacked* packed = &t->packing->w;
        for (int i = 0; i < PackedTiles.StreamCount; ++i)
        {
            if (!(needs | uses).Has(i))
                continue;
            float* floats = (&t->w)[i];
            int status = CheckStream(floats, packed + i, needs.Has(i));
            if (status != NativeMethods.NA_OK)
                return status;
        }

        NaPacked* copy = packed + PackedTiles.StreamCount;
        if ((writes & StreamSet.W) != 0 && copy->data != null)
        {
            int status = copy->format > NativeMethods.NA_BF16_RANDOM
                ? NativeMethods.NA_ERROR_FORMAT
                : CheckFormat(copy);
            if (status != NativeMethods.NA_OK)
                return status;
        }

        return CheckPointer(scratch, ScratchAlignment);
    }

    /// <summary>Whether a range that begins or ends at a position cuts a block of a tensor that starts at another.</summary>
    public static bool CutsBlock(NaTensor* t, StreamSet used, ulong start, ulong position)
    {
        if (position <= start || position - start >= t->count || (position - start) % NativeMethods.NA_BLOCK == 0)
            return false;
        NaPacked* packed = &t->packing->w;
        for (int i = 0; i < PackedTiles.StreamCount; ++i)
        {
            if (used.Has(i) && packed[i].data != null && packed[i].format >= NativeMethods.NA_SOFTSIGN8)
                return true;
        }

        return false;
    }

    private static int CheckStream(float* floats, NaPacked* packed, bool needed)
    {
        if (packed->data != null)
            return floats != null ? NativeMethods.NA_ERROR_FORMAT : CheckFormat(packed);
        if (floats == null)
            return needed ? NativeMethods.NA_ERROR_NULL : NativeMethods.NA_OK;
        return CheckPointer(floats, sizeof(float));
    }

    private static int CheckFormat(NaPacked* packed)
    {
        if (packed->format is < NativeMethods.NA_BF16 or > NativeMethods.NA_BOOK4)
            return NativeMethods.NA_ERROR_FORMAT;
        (uint data, uint beside, uint book) = Alignments(packed->format);
        int status = CheckPointer(packed->data, data);
        if (status == NativeMethods.NA_OK)
            status = CheckPointer(packed->beside, beside);
        return status == NativeMethods.NA_OK ? CheckPointer(packed->book, book) : status;
    }

    /// <summary>Of what a format needs; 0 for what it does not.</summary>
    private static (uint Data, uint Beside, uint Book) Alignments(uint format) => format switch
    {
        NativeMethods.NA_BF16 or NativeMethods.NA_F16 or NativeMethods.NA_BF16_RANDOM => (2, 0, 0),
        NativeMethods.NA_BF16_REST16 => (2, 2, 0),
        NativeMethods.NA_BF16_REST8 => (2, 1, 0),
        NativeMethods.NA_SOFTSIGN8 or NativeMethods.NA_SQRT8 => (1, sizeof(float), 0),
        _ => (1, sizeof(float), sizeof(float)),
    };

    private static int CheckPointer(void* p, uint alignment)
    {
        if (alignment == 0)
            return NativeMethods.NA_OK;
        if (p == null)
            return NativeMethods.NA_ERROR_NULL;
        return (nuint)p % alignment != 0 ? NativeMethods.NA_ERROR_ALIGNMENT : NativeMethods.NA_OK;
    }
}
