using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// m = flush(m + c1 * (g - m)), u = flush(max(u - c2 * u, |g| + eps_in)),
/// d = (num_m * m + num_g * g) / (u + eps).
/// </summary>
internal readonly unsafe struct AdamaxKernel : IKernel, IFamily
{
    /// <summary>A factor of 1 and a sum with 0 change no bit, and cost less than a loop of their own.</summary>
    private const On Usual = On.Scale | On.EpsIn;

    public static StreamSet Needs => StreamSet.W | StreamSet.G | StreamSet.M | StreamSet.V;

    public static StreamSet Uses => StreamSet.A | StreamSet.S | StreamSet.D;

    public static StreamSet Reads => (Needs | Uses) & ~StreamSet.D;

    public static StreamSet Writes => Needs | Uses;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
    {
        on &= ~(On.Root | On.NuScale | On.Max);
        switch (on == On.Nothing ? on : on | Usual)
        {
            case On.Nothing:
                Sweep<Plain>(t, row, on, begin, end);
                break;
            case Usual:
                Sweep<Both<Scale, EpsIn>>(t, row, on, begin, end);
                break;
            case Usual | On.ZeroGrad:
                Sweep<Both<Both<Scale, EpsIn>, ZeroGrad>>(t, row, on, begin, end);
                break;
            case Usual | On.Decay:
                Sweep<Both<Both<Scale, EpsIn>, Decay>>(t, row, on, begin, end);
                break;
            case Usual | On.Decay | On.ZeroGrad:
                Sweep<Both<Both<Scale, EpsIn>, Both<Decay, ZeroGrad>>>(t, row, on, begin, end);
                break;
            case Usual | On.Ema:
                Sweep<Both<Both<Scale, EpsIn>, Ema>>(t, row, on, begin, end);
                break;
            case Usual | On.Ema | On.ZeroGrad:
                Sweep<Both<Both<Scale, EpsIn>, Both<Ema, ZeroGrad>>>(t, row, on, begin, end);
                break;
            case Usual | On.Ema | On.Decay:
                Sweep<Both<Both<Scale, EpsIn>, Both<Ema, Decay>>>(t, row, on, begin, end);
                break;
            case Usual | On.Ema | On.Decay | On.ZeroGrad:
                Sweep<Both<Both<Scale, EpsIn>, Both<Ema, Both<Decay, ZeroGrad>>>>(t, row, on, begin, end);
                break;
            case Usual | On.L2:
                Sweep<Both<Both<Scale, EpsIn>, L2>>(t, row, on, begin, end);
                break;
            default:
                Sweep<Asked>(t, row, on, begin, end);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Direction<TOptions>(in Update<TOptions> k, ref Elements e)
        where TOptions : struct, IOptions
    {
        Vector<float> norm = Words.Abs(e.G);
        if (k.Has(On.EpsIn))
            norm += k.EpsIn;
        e.M = Words.Flush(Words.Toward(e.M, k.C1, e.G), k.Flush);
        e.V = Words.Flush(Words.MaxNonNegative(e.V - k.C2 * e.V, norm), k.Flush);
        return k.Numerator(e.M, e.G) / (e.V + k.Eps);
    }

    private static void Sweep<TOptions>(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end)
        where TOptions : struct, IOptions =>
        Kernels.Sweep.Run<UpdateBlock<AdamaxKernel, TOptions>, Elements>(t, row, on, begin, end);
}
