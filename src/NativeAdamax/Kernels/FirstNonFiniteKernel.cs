using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeAdamax.Kernels;

/// <summary>The first element that is infinite or NaN.</summary>
internal static unsafe class FirstNonFiniteKernel
{
    /// <summary>Its index, from begin to end - 1; end if there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static nuint Find(float* g, nuint begin, nuint end)
    {
        nuint lanes = Words.Lanes;
        nuint i = begin;
        for (; end - i >= 4 * lanes; i += 4 * lanes)
        {
            Vector<uint> found = Test(g + i) | Test(g + i + lanes) | Test(g + i + 2 * lanes) | Test(g + i + 3 * lanes);
            if (found != Vector<uint>.Zero)
                break;
        }

        while (i < end && float.IsFinite(g[i]))
            ++i;
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Test(float* g) => Words.NonFinite(Words.Load(g, Words.Lanes));
}
