using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Noise;

/// <summary>
/// The signal-to-noise gain: the power of the noise at the microphone over that of what remains of it, in decibels. The
/// speech is the same before and after, so that this is the ratio of the two signal-to-noise ratios.
/// </summary>
internal static class Gain
{
    /// <summary>The gain over samples start .. end - 1; minus infinity when the filter diverged.</summary>
    public static double Over(Recording recording, ReadOnlySpan<float> estimate, int start, int end)
    {
        double before = 0;
        double after = 0;
        for (int i = start; i < end; i++)
        {
            double residual = estimate[i] - recording.Speech[i];
            before += recording.Noise[i] * recording.Noise[i];
            after += residual * residual;
        }

        return double.IsFinite(after) && after > 0 && before > 0
            ? FixedMath.Decibels(before / after)
            : double.NegativeInfinity;
    }

    /// <summary>The mean power of samples start .. end - 1, in decibels, not below -30.</summary>
    public static double Level(ReadOnlySpan<double> signal, int start, int end)
    {
        double power = 1e-3;
        for (int i = start; i < end; i++)
            power += signal[i] * signal[i] / (end - start);
        return FixedMath.Decibels(power);
    }
}
