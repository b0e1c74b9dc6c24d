namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// Scalars of steps: every option alone, the combinations that have a loop of their own, and mixtures.
/// </summary>
internal static class StepCases
{
    private const float Hiding = 1f / (1L << 39);
    private static readonly StepScalars Neutral = new() { C1 = 0.1, C2 = 0.001, Eps = 1e-7, Step = 0.002, Ema = 0.01 };

    public static IReadOnlyList<(string Name, StepScalars Scalars, bool Max, bool Ema)> All { get; } =
    [
        ("plain", Neutral, false, false),
        ("zero gradient", Neutral with { ZeroGrad = true }, false, false),
        ("decay", Neutral with { Lambda = 2e-5 }, false, false),
        ("decay, zero gradient", Neutral with { Lambda = 2e-5, ZeroGrad = true }, false, false),
        ("average", Neutral, false, true),
        ("decay, average", Neutral with { Lambda = 2e-5 }, false, true),
        ("scale", Neutral with { GradScale = -1.0 / 3 }, false, false),
        ("scale, decay", Neutral with { GradScale = 1.0 / 3, Lambda = 2e-5 }, false, false),
        ("maximum", Neutral, true, false),
        ("maximum, corrected", Neutral with { NuScale = 1.7 }, true, true),
        ("nadam", Neutral with { NumM = 0.87, NumG = 0.31 }, false, false),
        ("nadam, m alone", Neutral with { NumM = 0.87 }, false, false),
        ("nadam, g alone", Neutral with { NumG = 0.31 }, false, false),
        ("clip", Neutral with { Clip = 0.25 }, false, false),
        ("l2", Neutral with { L2 = 0.01 }, false, false),
        ("root", Neutral with { Root = 1e-9 }, false, false),
        ("epsilon inside", Neutral with { Eps = 0, EpsIn = 1e-7 }, false, false),
        ("scale, epsilon inside", Neutral with { GradScale = 0.125, Eps = 0, EpsIn = 1e-7 }, false, false),
        ("nothing added", Neutral with { Eps = 0 }, false, false),
        ("least epsilon that flushes", Neutral with { Eps = Hiding }, false, false),
        ("greatest epsilon that does not", Neutral with { Eps = Below(Hiding) }, false, false),
        ("least epsilon inside that flushes", Neutral with { Eps = 0, EpsIn = Hiding }, false, false),
        ("greatest epsilon inside that does not", Neutral with { Eps = 0, EpsIn = Below(Hiding) }, false, false),
        ("least root that flushes", Neutral with { Eps = 0, Root = Hiding * Hiding }, false, false),
        ("greatest root that does not", Neutral with { Eps = 0, Root = Below(Hiding * Hiding) }, false, false),
        ("capped moment", Neutral with { VCap = float.MaxValue }, false, false),
        ("low cap", Neutral with { VCap = 0.01 }, true, false),
        ("rates of one", Neutral with { C1 = 1, C2 = 1, Ema = 1 }, false, true),
        ("rates of zero", Neutral with { C1 = 0, C2 = 0, Ema = 0 }, true, true),
        ("denormal scalars", Neutral with { L2 = 1e-42, Eps = 1e-42, Step = 1e-42, NumG = 1e-42 }, false, false),
        ("huge scalars", Neutral with { GradScale = 1e30, L2 = 1e30, Step = 1e30, NumG = 1e30 }, true, true),
        ("everything", Everything, true, true),
        ("everything but the streams", Everything with { ZeroGrad = false }, false, false),
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
    };

    private static float Below(float x) => float.BitDecrement(x);
}
