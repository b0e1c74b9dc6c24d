using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>The ops that change streams.</summary>
public enum Op
{
    Adam,
    Adamax,
    AdamReplay,
    AdamaxReplay,
    Ema,
    Accumulate,
    Copy,
}

/// <summary>What the header says of an op's streams.</summary>
internal static class OpStreams
{
    /// <summary>The streams without which the op is refused.</summary>
    public static StreamSet Needs(this Op op) => op switch
    {
        Op.Adam or Op.Adamax => StreamSet.W | StreamSet.G | StreamSet.M | StreamSet.V,
        Op.AdamReplay or Op.AdamaxReplay => StreamSet.W | StreamSet.M | StreamSet.V,
        Op.Ema => StreamSet.W | StreamSet.A,
        Op.Copy => StreamSet.W | StreamSet.G,
        _ => StreamSet.G | StreamSet.S,
    };

    /// <summary>The streams that the op reads or writes where they are there.</summary>
    public static StreamSet Takes(this Op op) => op switch
    {
        Op.Adam => StreamSet.X | StreamSet.A | StreamSet.S | StreamSet.D,
        Op.Adamax => StreamSet.A | StreamSet.S | StreamSet.D,
        Op.AdamReplay => StreamSet.X,
        _ => StreamSet.None,
    };

    /// <summary>The streams that the op stores, of those that are there.</summary>
    public static StreamSet Stores(this Op op, StreamSet present, bool zeroGrad)
    {
        StreamSet stored = op switch
        {
            Op.Ema => StreamSet.A,
            Op.Accumulate => StreamSet.G | StreamSet.S,
            Op.Copy => StreamSet.W,
            _ => present,
        };
        if (present.HasFlag(StreamSet.D))
            stored &= ~(StreamSet.W | StreamSet.A);
        return stored & present & (zeroGrad ? ~StreamSet.None : ~StreamSet.G);
    }

    /// <summary>The op's streams where of those that it takes only some are there.</summary>
    public static StreamSet With(this Op op, StreamSet some) => op.Needs() | (op.Takes() & some);

    public static bool IsReplay(this Op op) => op is Op.AdamReplay or Op.AdamaxReplay;
}
