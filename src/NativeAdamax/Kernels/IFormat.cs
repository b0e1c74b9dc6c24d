using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>Packs the <c>lanes</c> elements from element i on: a quad's, or fewer.</summary>
internal interface IPacker
{
    void Pack(nuint i, Quad bits, nuint lanes);
}

/// <summary>A packed format: there and back.</summary>
internal interface IFormat : IPacker
{
    Quad Unpack(nuint i, nuint lanes);
}

/// <summary>How a format runs over a row of floats.</summary>
internal static unsafe class FormatSweep
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Unpack<TFormat>(TFormat format, float* to, nuint count)
        where TFormat : struct, IFormat
    {
        nuint i = 0;
        for (; count - i >= Quad.Lanes; i += Quad.Lanes)
            BitWords.Store(to + i, format.Unpack(i, Quad.Lanes), Quad.Lanes);
        if (i < count)
            BitWords.Store(to + i, format.Unpack(i, count - i), count - i);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Pack<TFormat>(TFormat format, float* from, nuint count)
        where TFormat : struct, IPacker
    {
        nuint i = 0;
        for (; count - i >= Quad.Lanes; i += Quad.Lanes)
            format.Pack(i, BitWords.Load(from + i, Quad.Lanes), Quad.Lanes);
        if (i < count)
            format.Pack(i, BitWords.Load(from + i, count - i), count - i);
    }
}
