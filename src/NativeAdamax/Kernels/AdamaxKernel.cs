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
    public static StreamSet Needs => StreamSet.W | StreamSet.G | StreamSet.M | StreamSet.V;

    public static StreamSet Uses => StreamSet.A | StreamSet.S | StreamSet.D;

    public static StreamSet Reads => (Needs | Uses) & ~StreamSet.D;

    public static StreamSet Writes => Needs | Uses;

    public static void Run(NaTensor* t, NaScalars* row, On on, nuint begin, nuint end) =>
        UpdateLoops.Run<AdamaxKernel>(t, row, on & ~(On.Root | On.NuScale | On.Max), begin, end);

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
}
