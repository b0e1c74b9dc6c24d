using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// Tensors with packed streams, in tiles that stay in the first cache: what an op reads is unpacked, the op runs over
/// floats as it always does, and what it stored is packed.
/// </summary>
internal static unsafe class PackedTiles
{
    public const int StreamCount = 8;

    /// <summary>Elements of a tile, which begins at a multiple of that.</summary>
    private const nuint Tile = 1024;

    /// <summary>Floats from one stream of a tile to the next: not a multiple of 4096 bytes.</summary>
    private const int Row = 1024 + 80;

    public static void Run<TKernel>(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end, float* scratch)
        where TKernel : struct, IKernel
    {
        const int copy = StreamCount;
        NaPacked* packed = &t->packing->w;
        ushort* numbers = (ushort*)(scratch + StreamCount * Row);
        for (nuint at = begin; at < end;)
        {
            nuint count = nuint.Min(end - at, Tile - at % Tile);
            NaTensor tile = TileOf(t, TKernel.Needs | TKernel.Uses, at, scratch);
            On all = on | Options.OfStreams(&tile);
            for (int i = 0; i < StreamCount; ++i)
            {
                if (TKernel.Reads.Has(i) && packed[i].data != null)
                    Formats.Unpack(packed + i, at, count, scratch + i * Row);
            }

            TKernel.Run(&tile, row, all, 0, count);

            StreamSet stored = Stored(TKernel.Writes, all);
            for (int i = 0; i < StreamCount; ++i)
            {
                if (stored.Has(i) && packed[i].data != null)
                    Formats.Pack(packed + i, at, count, scratch + i * Row, t->packing, i, numbers);
            }

            if ((stored & StreamSet.W) != 0 && packed[copy].data != null)
                Formats.Pack(packed + copy, at, count, tile.w, t->packing, copy, numbers);
            at += count;
        }
    }

    /// <summary>
    /// Elements begin to begin + count - 1 of the gradient as floats: where it has them, or in scratch.
    /// </summary>
    public static float* Gradient(NaTensor* t, nuint begin, nuint count, float* scratch)
    {
        if (t->g != null)
            return t->g + begin;
        Formats.Unpack(&t->packing->g, begin, count, scratch);
        return scratch;
    }

    public static bool Has(this StreamSet streams, int stream) => ((int)streams >> stream & 1) != 0;

    /// <summary>The streams of a tensor from an element on: floats where they are, packed ones in scratch.</summary>
    private static NaTensor TileOf(NaTensor* t, StreamSet used, nuint at, float* scratch)
    {
        NaTensor tile = new() { steps = t->steps };
        NaPacked* packed = &t->packing->w;
        for (int i = 0; i < StreamCount; ++i)
        {
            float* floats = (&t->w)[i];
            if (used.Has(i))
                (&tile.w)[i] = packed[i].data != null ? scratch + i * Row : floats != null ? floats + at : null;
        }

        return tile;
    }

    /// <summary>What a call with these options stores.</summary>
    private static StreamSet Stored(StreamSet writes, On on)
    {
        if ((on & On.ZeroGrad) == 0)
            writes &= ~StreamSet.G;
        if ((writes & StreamSet.D) == 0)
            return writes;
        return writes & ((on & On.Delta) != 0 ? ~(StreamSet.W | StreamSet.A) : ~StreamSet.D);
    }
}
