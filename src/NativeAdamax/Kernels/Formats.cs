using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// Elements begin to begin + count - 1 of a packed stream, from and to a row of floats, whatever its format. Where it
/// has blocks, begin is the start of one.
/// </summary>
internal static unsafe class Formats
{
    public static void Unpack(NaPacked* p, nuint begin, nuint count, float* to)
    {
        ushort* halves = (ushort*)p->data + begin;
        switch (p->format)
        {
            case NativeMethods.NA_BF16:
            case NativeMethods.NA_BF16_RANDOM:
                FormatSweep.Unpack(new HalfFormat<BFloat16Half>(halves), to, count);
                break;
            case NativeMethods.NA_F16:
                FormatSweep.Unpack(new HalfFormat<Binary16>(halves), to, count);
                break;
            case NativeMethods.NA_BF16_REST16:
                FormatSweep.Unpack(new Rest16Format(halves, (ushort*)p->beside + begin), to, count);
                break;
            case NativeMethods.NA_BF16_REST8:
                FormatSweep.Unpack(new Rest8Format(halves, (byte*)p->beside + begin), to, count);
                break;
            default:
                Blocks.Unpack(p, begin, count, to);
                break;
        }
    }

    /// <param name="p">The packed stream.</param>
    /// <param name="begin">The first element.</param>
    /// <param name="count">Elements, in no more than one tile of <see cref="PackedTiles"/>.</param>
    /// <param name="from">Their floats.</param>
    /// <param name="key">What random rounding is keyed by.</param>
    /// <param name="stream">The stream's number, a part of the key.</param>
    /// <param name="numbers">Room for a tile's random numbers.</param>
    public static void Pack(
        NaPacked* p, nuint begin, nuint count, float* from, NaPacking* key, int stream, ushort* numbers)
    {
        ushort* halves = (ushort*)p->data + begin;
        switch (p->format)
        {
            case NativeMethods.NA_BF16:
                FormatSweep.Pack(new HalfFormat<BFloat16Half>(halves), from, count);
                break;
            case NativeMethods.NA_F16:
                FormatSweep.Pack(new HalfFormat<Binary16>(halves), from, count);
                break;
            case NativeMethods.NA_BF16_RANDOM:
                const nuint block = NativeMethods.NA_BLOCK;
                nuint first = begin / block;
                for (nuint b = first; b * block < begin + count; ++b)
                    RandomNumbers.OfBlock(numbers + (b - first) * block, key, stream, b);
                FormatSweep.Pack(new RandomFormat(halves, numbers + begin % block), from, count);
                break;
            case NativeMethods.NA_BF16_REST16:
                FormatSweep.Pack(new Rest16Format(halves, (ushort*)p->beside + begin), from, count);
                break;
            case NativeMethods.NA_BF16_REST8:
                FormatSweep.Pack(new Rest8Format(halves, (byte*)p->beside + begin), from, count);
                break;
            default:
                Blocks.Pack(p, begin, count, from);
                break;
        }
    }
}
