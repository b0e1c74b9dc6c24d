using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>The kernels' formats of streams: sizes, and what users call them.</summary>
internal static class StreamFormat
{
    /// <summary>Not packed.</summary>
    public const uint Float32 = 0;

    /// <summary>Blocks of elements that share a scale.</summary>
    public static bool IsBlocks(uint format) => format >= NativeMethods.NA_SOFTSIGN8;

    /// <summary>Bytes of the data of so many elements.</summary>
    public static nuint DataBytes(uint format, ulong count) => format switch
    {
        Float32 => checked((nuint)count * sizeof(float)),
        NativeMethods.NA_BOOK4 => (nuint)(count / 2 + count % 2),
        _ => IsBlocks(format) ? (nuint)count : checked((nuint)count * sizeof(ushort)),
    };

    /// <summary>Bytes of what stands beside the data of so many elements.</summary>
    public static nuint BesideBytes(uint format, ulong count) => format switch
    {
        NativeMethods.NA_BF16_REST16 => checked((nuint)count * sizeof(ushort)),
        NativeMethods.NA_BF16_REST8 => (nuint)count,
        _ => IsBlocks(format) ? (nuint)Blocks(count) * sizeof(float) : 0,
    };

    /// <summary>Blocks of so many elements.</summary>
    public static ulong Blocks(ulong count) =>
        count / NativeMethods.NA_BLOCK + (count % NativeMethods.NA_BLOCK == 0 ? 0ul : 1ul);

    /// <summary>How the kernels keep a stream of a tensor for what a user asks.</summary>
    /// <param name="wanted">What the user asks.</param>
    /// <param name="place">The stream.</param>
    /// <param name="count">Elements of the tensor.</param>
    /// <param name="fewestQuantized">Tensors with fewer keep blocks as floats.</param>
    public static uint Of(StateFormat wanted, StreamPlace place, ulong count, long fewestQuantized)
    {
        uint format = wanted switch
        {
            StateFormat.BFloat16 => NativeMethods.NA_BF16,
            StateFormat.BFloat16Random => NativeMethods.NA_BF16_RANDOM,
            StateFormat.EightBit => place == StreamPlace.M ? NativeMethods.NA_SOFTSIGN8 : (uint)NativeMethods.NA_SQRT8,
            StateFormat.EightBitDynamic => NativeMethods.NA_BOOK8,
            StateFormat.FourBitDynamic => NativeMethods.NA_BOOK4,
            _ => Float32,
        };
        return IsBlocks(format) && count < (ulong)fewestQuantized ? Float32 : format;
    }

    /// <summary>The table of a format of a stream; null where it has none.</summary>
    public static CodeBook? BookOf(uint format, StreamPlace place) => format switch
    {
        NativeMethods.NA_BOOK8 => place == StreamPlace.M ? CodeBook.Signed8 : CodeBook.Unsigned8,
        NativeMethods.NA_BOOK4 => CodeBook.Signed4,
        _ => null,
    };

    /// <summary>What a user calls a format.</summary>
    public static StateFormat NameOf(uint format) => format switch
    {
        NativeMethods.NA_BF16 => StateFormat.BFloat16,
        NativeMethods.NA_BF16_RANDOM => StateFormat.BFloat16Random,
        NativeMethods.NA_SOFTSIGN8 or NativeMethods.NA_SQRT8 => StateFormat.EightBit,
        NativeMethods.NA_BOOK8 => StateFormat.EightBitDynamic,
        NativeMethods.NA_BOOK4 => StateFormat.FourBitDynamic,
        _ => StateFormat.Float32,
    };
}
