namespace NativeAdamax.Kernels;

/// <summary>
/// The options of a loop. A type for each combination that users choose most: its answer is a constant, and the
/// compiler leaves the rest out of the loop. <see cref="Asked"/> serves all others, with tests in the loop. A type that
/// were put together from others would call them at every question, and the compiler stops inlining at so many calls.
/// </summary>
internal interface IOptions
{
    static abstract On Select(On asked);
}

internal readonly struct Asked : IOptions
{
    public static On Select(On asked) => asked;
}

internal readonly struct Plain : IOptions
{
    public static On Select(On asked) => On.Nothing;
}

internal readonly struct ZeroGrad : IOptions
{
    public static On Select(On asked) => On.ZeroGrad;
}

internal readonly struct Usual : IOptions
{
    public static On Select(On asked) => On.Free;
}

internal readonly struct UsualZeroGrad : IOptions
{
    public static On Select(On asked) => On.Free | On.ZeroGrad;
}

internal readonly struct UsualDecay : IOptions
{
    public static On Select(On asked) => On.Free | On.Decay;
}

internal readonly struct UsualDecayZeroGrad : IOptions
{
    public static On Select(On asked) => On.Free | On.Decay | On.ZeroGrad;
}

internal readonly struct UsualEma : IOptions
{
    public static On Select(On asked) => On.Free | On.Ema;
}

internal readonly struct UsualEmaZeroGrad : IOptions
{
    public static On Select(On asked) => On.Free | On.Ema | On.ZeroGrad;
}

internal readonly struct UsualEmaDecay : IOptions
{
    public static On Select(On asked) => On.Free | On.Ema | On.Decay;
}

internal readonly struct UsualEmaDecayZeroGrad : IOptions
{
    public static On Select(On asked) => On.Free | On.Ema | On.Decay | On.ZeroGrad;
}

internal readonly struct UsualL2 : IOptions
{
    public static On Select(On asked) => On.Free | On.L2;
}

internal readonly struct UsualL2ZeroGrad : IOptions
{
    public static On Select(On asked) => On.Free | On.L2 | On.ZeroGrad;
}

internal readonly struct UsualClip : IOptions
{
    public static On Select(On asked) => On.Free | On.Clip;
}

internal readonly struct UsualClipDecay : IOptions
{
    public static On Select(On asked) => On.Free | On.Clip | On.Decay;
}

internal readonly struct UsualSum : IOptions
{
    public static On Select(On asked) => On.Free | On.Sum;
}

internal readonly struct UsualSumDecay : IOptions
{
    public static On Select(On asked) => On.Free | On.Sum | On.Decay;
}

internal readonly struct UsualMax : IOptions
{
    public static On Select(On asked) => On.Free | On.Max;
}

internal readonly struct UsualMaxDecay : IOptions
{
    public static On Select(On asked) => On.Free | On.Max | On.Decay;
}

internal readonly struct UsualNadam : IOptions
{
    public static On Select(On asked) => On.Free | On.NumM | On.NumG;
}
