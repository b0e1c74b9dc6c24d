using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// Scalars and streams of steps: every option alone, the combinations that have a loop of their own, and mixtures.
/// </summary>
internal static class StepOptions
{
    private const float Hiding = 1f / (1L << 39);
    private static readonly StepScalars Neutral = new() { C1 = 0.1, C2 = 0.001, Eps = 1e-7, Step = 0.002, Ema = 0.01 };

    public static IReadOnlyList<(string Name, StepScalars Scalars, StreamSet Streams)> All { get; } =
    [
        ("plain", Neutral, StreamSet.None),
        ("zero gradient", Neutral with { ZeroGrad = true }, StreamSet.None),
        ("decay", Neutral with { Lambda = 2e-5 }, StreamSet.None),
        ("decay, zero gradient", Neutral with { Lambda = 2e-5, ZeroGrad = true }, StreamSet.None),
        ("average", Neutral, StreamSet.A),
        ("decay, average", Neutral with { Lambda = 2e-5 }, StreamSet.A),
        ("scale", Neutral with { GradScale = -1.0 / 3 }, StreamSet.None),
        ("scale, decay", Neutral with { GradScale = 1.0 / 3, Lambda = 2e-5 }, StreamSet.None),
        ("maximum", Neutral, StreamSet.X),
        ("maximum, corrected", Neutral with { NuScale = 1.7 }, StreamSet.X | StreamSet.A),
        ("nadam", Neutral with { NumM = 0.87, NumG = 0.31 }, StreamSet.None),
        ("nadam, m alone", Neutral with { NumM = 0.87 }, StreamSet.None),
        ("nadam, g alone", Neutral with { NumG = 0.31 }, StreamSet.None),
        ("clip", Neutral with { Clip = 0.25 }, StreamSet.None),
        ("l2", Neutral with { L2 = 0.01 }, StreamSet.None),
        ("root", Neutral with { Root = 1e-9 }, StreamSet.None),
        ("epsilon inside", Neutral with { Eps = 0, EpsIn = 1e-7 }, StreamSet.None),
        ("scale, epsilon inside", Neutral with { GradScale = 0.125, Eps = 0, EpsIn = 1e-7 }, StreamSet.None),
        ("nothing added", Neutral with { Eps = 0 }, StreamSet.None),
        ("least epsilon that flushes", Neutral with { Eps = Hiding }, StreamSet.None),
        ("greatest epsilon that does not", Neutral with { Eps = Below(Hiding) }, StreamSet.None),
        ("least epsilon inside that flushes", Neutral with { Eps = 0, EpsIn = Hiding }, StreamSet.None),
        ("greatest epsilon inside that does not", Neutral with { Eps = 0, EpsIn = Below(Hiding) }, StreamSet.None),
        ("least root that flushes", Neutral with { Eps = 0, Root = Hiding * Hiding }, StreamSet.None),
        ("greatest root that does not", Neutral with { Eps = 0, Root = Below(Hiding * Hiding) }, StreamSet.None),
        ("capped moment", Neutral with { VCap = float.MaxValue }, StreamSet.None),
        ("low cap", Neutral with { VCap = 0.01 }, StreamSet.X),
        ("rates of one", Neutral with { C1 = 1, C2 = 1, Ema = 1 }, StreamSet.A),
        ("rates of zero", Neutral with { C1 = 0, C2 = 0, Ema = 0 }, StreamSet.X | StreamSet.A),
        ("denormal scalars", Neutral with { L2 = 1e-42, Eps = 1e-42, Step = 1e-42, NumG = 1e-42 }, StreamSet.None),
        ("huge scalars", Neutral with { GradScale = 1e30, L2 = 1e30, Step = 1e30, NumG = 1e30 }, StreamSet.X | StreamSet.A),
        ("sum", Neutral, StreamSet.S),
        ("sum, zero gradient", Neutral with { ZeroGrad = true }, StreamSet.S),
        ("sum, scale, clip", Neutral with { GradScale = 1.0 / 3, Clip = 0.25 }, StreamSet.S),
        ("change", Neutral, StreamSet.D),
        ("change, decay", Neutral with { Lambda = 2e-5 }, StreamSet.D),
        ("change, average", Neutral, StreamSet.A | StreamSet.D),
        ("overwrite", Neutral with { EmaOverwrite = true }, StreamSet.A),
        ("overwrite by no average", Neutral with { EmaOverwrite = true }, StreamSet.None),
        ("not negative", Neutral with { NonNegative = true }, StreamSet.None),
        ("not negative, average", Neutral with { NonNegative = true }, StreamSet.A),
        ("not negative, overwrite", Neutral with { NonNegative = true, EmaOverwrite = true }, StreamSet.A),
        ("not negative, no step", Neutral with { NonNegative = true, Step = 0 }, StreamSet.None),
        ("everything", Everything, StreamSet.X | StreamSet.A | StreamSet.S),
        ("everything, change", Everything, StreamSet.X | StreamSet.A | StreamSet.S | StreamSet.D),
        ("everything but the streams", Everything with { ZeroGrad = false }, StreamSet.None),
    ];

    private static StepScalars Everything => new()
    {
        GradScale = 0.5,
        Clip = 0.75,
        L2 = 0.003,
        C1 = 0.1,
        C2 = 0.01,
        VCap = float.MaxValue,
        NuScale = 1.3,
        Root = 1e-8,
        Eps = 1e-6,
        EpsIn = 1e-5,
        NumM = 0.9,
        NumG = 0.2,
        Lambda = 1e-4,
        Step = 0.01,
        Ema = 0.05,
        ZeroGrad = true,
        EmaOverwrite = true,
        NonNegative = true,
    };

    private static float Below(float x) => float.BitDecrement(x);
}
