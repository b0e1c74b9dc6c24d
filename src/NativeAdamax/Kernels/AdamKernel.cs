using System.Numerics;
using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Kernels;

/// <summary>
/// m = flush(m + c1 * (g - m)), v = flush(v + c2 * (g * g - keep(v))), x = v or max(x, nu_scale * v),
/// d = (num_m * m + num_g * g) / (sqrt(x + root) + eps).
/// </summary>
internal readonly unsafe struct AdamKernel : IKernel, IFamily
{
    public static StreamSet Needs => StreamSet.W | StreamSet.G | StreamSet.M | StreamSet.V;

    public static StreamSet Uses => StreamSet.X | StreamSet.A | StreamSet.S | StreamSet.D;

    public static StreamSet Reads => (Needs | Uses) & ~StreamSet.D;

    public static StreamSet Writes => Needs | Uses;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end) =>
        UpdateLoops.Run<AdamKernel>(t, row, on & ~On.EpsIn, begin, end);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Direction<TOptions>(in Update<TOptions> k, ref Elements e)
        where TOptions : struct, IOptions
    {
        e.M = Words.Flush(Words.Toward(e.M, k.C1, e.G), k.Flush);
        e.V = Words.Flush(e.V + k.C2 * (e.G * e.G - Words.Keep(e.V, k.VCap)), k.Flush);
        Vector<float> root = e.V;
        if (k.Has(On.Max))
        {
            e.X = Words.MaxNonNegative(e.X, k.Has(On.NuScale) ? k.NuScale * e.V : e.V);
            root = e.X;
        }

        if (k.Has(On.Root))
            root += k.Root;
        return k.Numerator(e.M, e.G) / (Words.Sqrt(root) + k.Eps);
    }
}
