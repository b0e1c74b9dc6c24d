using System.Runtime.CompilerServices;
using NativeAdamax.Interop;

namespace NativeAdamax;

public static unsafe partial class FusedOps
{
    /// <summary>The callers' names of the streams, in the order of <see cref="NaTensor"/>'s fields.</summary>
    private const string AdamNames = "wgmvxas";
    private const string AdamaxNames = "wgmuxas";

    private static void SameLength(int expected, int length, string name)
    {
        if (length != expected)
            throw new ArgumentException($"{name} has {length} elements; the first span has {expected}.", name);
    }

    private static void SameLengthOrNone(int expected, int length, string name)
    {
        if (length != 0)
            SameLength(expected, length, name);
    }

    private static void CheckScalars(in StepScalars s)
    {
        const string argument = "scalars";
        CheckFinite(s.GradScale, argument, nameof(s.GradScale));
        if (!((float)s.Clip > 0))
            throw OutOfRange(s.Clip, argument, nameof(s.Clip), "above 0, also as a float, or +infinity for none");
        CheckNotNegative(s.L2, argument, nameof(s.L2));
        CheckRate(s.C1, argument, nameof(s.C1));
        CheckRate(s.C2, argument, nameof(s.C2));
        if (!(s.VCap >= 0))
            throw OutOfRange(s.VCap, argument, nameof(s.VCap), "0 or above, or +infinity for none");
        CheckNotNegative(s.NuScale, argument, nameof(s.NuScale));
        CheckNotNegative(s.Root, argument, nameof(s.Root));
        CheckNotNegative(s.Eps, argument, nameof(s.Eps));
        CheckNotNegative(s.EpsIn, argument, nameof(s.EpsIn));
        CheckFinite(s.NumM, argument, nameof(s.NumM));
        CheckFinite(s.NumG, argument, nameof(s.NumG));
        CheckFinite(s.Lambda, argument, nameof(s.Lambda));
        CheckFinite(s.Step, argument, nameof(s.Step));
        CheckRate(s.Ema, argument, nameof(s.Ema));
    }

    private static void CheckFinite(double value, string argument, string name)
    {
        if (!float.IsFinite((float)value))
            throw OutOfRange(value, argument, name, "finite, also as a float");
    }

    private static void CheckNotNegative(double value, string argument, string name)
    {
        if (!(value >= 0 && float.IsFinite((float)value)))
            throw OutOfRange(value, argument, name, "0 or above and finite, also as a float");
    }

    private static void CheckRate(double value, string argument, string name)
    {
        if (!(value is >= 0 and <= 1))
            throw OutOfRange(value, argument, name, "from 0 to 1");
    }

    private static ArgumentOutOfRangeException OutOfRange(double value, string argument, string name, string range) =>
        new(argument, value, $"{name} must be {range}.");

    /// <summary>Every stream starts at a whole float, and none overlaps another.</summary>
    private static void CheckStreams(NaTensor* tensor, string names = AdamNames)
    {
        float** streams = &tensor->w;
        nuint bytes = (nuint)tensor->count * sizeof(float);
        for (int i = 0; i < names.Length; ++i)
        {
            if (streams[i] == null)
                continue;

            if ((nuint)streams[i] % sizeof(float) != 0)
                ThrowUnaligned(names[i].ToString());
            for (int j = 0; j < i; ++j)
            {
                if (streams[j] != null && Overlap((nuint)streams[i], (nuint)streams[j], bytes))
                    ThrowOverlap(names[i].ToString(), names[j].ToString());
            }
        }
    }

    /// <summary>
    /// Whether ranges of the same size overlap: unsigned distances wrap, so that one test does for both orders.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Overlap(nuint a, nuint b, nuint bytes) => a - b < bytes || b - a < bytes;

    private static void CheckAligned(float* p, string name)
    {
        if ((nuint)p % sizeof(float) != 0)
            ThrowUnaligned(name);
    }

    private static void ThrowUnaligned(string name) =>
        throw new ArgumentException($"{name} does not start at a multiple of {sizeof(float)} bytes.", name);

    private static void ThrowOverlap(string name, string other) =>
        throw new ArgumentException($"{name} overlaps {other}; every span must have memory of its own.", name);

    private static void ThrowIfRefused(int status)
    {
        if (status != NativeMethods.NA_OK)
            throw new InvalidOperationException($"The kernels refused a checked call with status {status}.");
    }
}
