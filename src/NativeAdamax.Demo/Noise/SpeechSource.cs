using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Noise;

/// <summary>
/// A signal with the outline of speech: syllables of gliding harmonics under two formants, some begun by a hiss, in
/// phrases with pauses between them.
/// </summary>
internal static class SpeechSource
{
    private const double HighestHarmonic = 3400;

    /// <param name="length">Samples.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="random">Draws the syllables.</param>
    /// <returns>Samples whose mean square, pauses included, is 1.</returns>
    public static double[] Generate(int length, int sampleRate, Xoshiro256 random)
    {
        double[] speech = new double[length];
        int at = (int)(random.NextDouble(0.1, 0.4) * sampleRate);
        while (at < length)
        {
            int syllables = 3 + random.NextInt(6);
            double pitch = random.NextDouble(100, 200);
            for (int i = 0; i < syllables && at < length; i++)
            {
                int duration = (int)(random.NextDouble(0.12, 0.3) * sampleRate);
                Span<double> target = speech.AsSpan(at, Math.Min(duration, length - at));
                if (random.NextInt(3) == 0)
                    AddHiss(target, duration / 3, random);
                AddVowel(target, duration, sampleRate, pitch * random.NextDouble(0.9, 1.15), random);
                pitch *= 0.97;
                at += duration + (int)(random.NextDouble(0.01, 0.06) * sampleRate);
            }

            at += (int)(random.NextDouble(0.3, 0.7) * sampleRate);
        }

        double power = 0;
        foreach (double s in speech)
            power += s * s;
        double scale = power > 0 ? Math.Sqrt(length / power) : 1;
        return Array.ConvertAll(speech, s => s * scale);
    }

    private static void AddVowel(Span<double> target, int duration, int sampleRate, double pitch, Xoshiro256 random)
    {
        double firstFormant = random.NextDouble(300, 800);
        double secondFormant = random.NextDouble(900, 2300);
        double glide = random.NextDouble(-0.15, 0.1);
        double loudness = random.NextDouble(0.5, 1);
        int harmonics = (int)(HighestHarmonic / (pitch * 1.1));
        double[] amplitudes = new double[harmonics + 1];
        for (int h = 1; h <= harmonics; h++)
            amplitudes[h] = Resonance(h * pitch, firstFormant) + (0.5 * Resonance(h * pitch, secondFormant)) + 0.02;
        double phase = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double position = (double)i / duration;
            phase += pitch * (1 + (glide * position)) / sampleRate;
            double sum = 0;
            for (int h = 1; h <= harmonics; h++)
                sum += amplitudes[h] * FixedMath.SinTurns(h * phase);
            target[i] += loudness * Envelope(position) * sum;
        }
    }

    private static void AddHiss(Span<double> target, int duration, Xoshiro256 random)
    {
        double previous = 0;
        for (int i = 0; i < Math.Min(duration, target.Length); i++)
        {
            double white = random.NextNormal();
            target[i] += 0.3 * Envelope((double)i / duration) * (white - previous);
            previous = white;
        }
    }

    private static double Resonance(double frequency, double formant)
    {
        double distance = (frequency - formant) / 120;
        return 1 / (1 + (distance * distance));
    }

    // Rises and falls as half a period of a sine.
    private static double Envelope(double position) => FixedMath.SinTurns(position / 2);
}
