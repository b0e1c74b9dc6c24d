using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>The loop of a family's step for the options that a call has.</summary>
internal static unsafe class UpdateLoops
{
    /// <param name="t">The tensor.</param>
    /// <param name="row">The scalars.</param>
    /// <param name="on">What the call does, without what the family has no use for.</param>
    /// <param name="begin">The first element.</param>
    /// <param name="end">Behind the last.</param>
    public static void Run<TFamily>(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
        where TFamily : struct, IFamily
    {
        switch (on == On.Nothing ? on : on | On.Free)
        {
            case On.Nothing:
                Run<TFamily, Plain>(t, row, on, begin, end);
                break;
            case On.Free:
                Run<TFamily, Usual>(t, row, on, begin, end);
                break;
            case On.Free | On.ZeroGrad:
                Run<TFamily, UsualZeroGrad>(t, row, on, begin, end);
                break;
            case On.Free | On.Decay:
                Run<TFamily, UsualDecay>(t, row, on, begin, end);
                break;
            case On.Free | On.Decay | On.ZeroGrad:
                Run<TFamily, UsualDecayZeroGrad>(t, row, on, begin, end);
                break;
            case On.Free | On.Ema:
                Run<TFamily, UsualEma>(t, row, on, begin, end);
                break;
            case On.Free | On.Ema | On.ZeroGrad:
                Run<TFamily, UsualEmaZeroGrad>(t, row, on, begin, end);
                break;
            case On.Free | On.Ema | On.Decay:
                Run<TFamily, UsualEmaDecay>(t, row, on, begin, end);
                break;
            case On.Free | On.Ema | On.Decay | On.ZeroGrad:
                Run<TFamily, UsualEmaDecayZeroGrad>(t, row, on, begin, end);
                break;
            case On.Free | On.L2:
                Run<TFamily, UsualL2>(t, row, on, begin, end);
                break;
            case On.Free | On.L2 | On.ZeroGrad:
                Run<TFamily, UsualL2ZeroGrad>(t, row, on, begin, end);
                break;
            case On.Free | On.Clip:
                Run<TFamily, UsualClip>(t, row, on, begin, end);
                break;
            case On.Free | On.Clip | On.Decay:
                Run<TFamily, UsualClipDecay>(t, row, on, begin, end);
                break;
            case On.Free | On.Sum:
                Run<TFamily, UsualSum>(t, row, on, begin, end);
                break;
            case On.Free | On.Sum | On.Decay:
                Run<TFamily, UsualSumDecay>(t, row, on, begin, end);
                break;
            case On.Free | On.Max:
                Run<TFamily, UsualMax>(t, row, on, begin, end);
                break;
            case On.Free | On.Max | On.Decay:
                Run<TFamily, UsualMaxDecay>(t, row, on, begin, end);
                break;
            case On.Free | On.NumM | On.NumG:
                Run<TFamily, UsualNadam>(t, row, on, begin, end);
                break;
            default:
                Run<TFamily, Asked>(t, row, on, begin, end);
                break;
        }
    }

    private static void Run<TFamily, TOptions>(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
        where TFamily : struct, IFamily
        where TOptions : struct, IOptions =>
        Sweep.Run<UpdateBlock<TFamily, TOptions>, Elements>(t, row, on, begin, end);
}
