using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Noise;

/// <summary>
/// Two microphones for some seconds: one hears speech and noise, the other only the noise at its source. Between the
/// source and the first microphone lies an acoustic path that drifts all the time. Every scene brings another colour
/// and level of noise and, suddenly, a partly different path.
/// </summary>
internal sealed class Recording
{
    /// <summary>Samples a second.</summary>
    public const int SampleRate = 8000;

    /// <summary>Seconds of a scene.</summary>
    public const int SceneSeconds = 4;

    /// <summary>Length of the path's impulse response; a filter of 256 taps can hold it.</summary>
    public const int PathTaps = 200;

    private const double FloorLevel = 0.1;
    private const int FadeSamples = SampleRate / 50;

    private Recording(double[] speech, double[] noise, float[] reference)
    {
        Speech = speech;
        Noise = noise;
        Reference = reference;
        Microphone = new float[speech.Length];
        for (int i = 0; i < Microphone.Length; i++)
            Microphone[i] = (float)(speech[i] + noise[i]);
    }

    /// <summary>The samples.</summary>
    public int Length => Speech.Length;

    /// <summary>What a listener wants.</summary>
    public double[] Speech { get; }

    /// <summary>The noise where the speaker's microphone stands.</summary>
    public double[] Noise { get; }

    /// <summary>Speech and noise together, as the first microphone hears them.</summary>
    public float[] Microphone { get; }

    /// <summary>The noise at its source, as the second microphone hears it.</summary>
    public float[] Reference { get; }

    /// <param name="seconds">1 or more.</param>
    /// <param name="random">Draws all of it.</param>
    public static Recording Generate(int seconds, Xoshiro256 random)
    {
        int length = seconds * SampleRate;
        double[] speech = SpeechSource.Generate(length, SampleRate, random);
        double[] source = Source(length, random);
        return new Recording(speech, ThroughPath(source, random), Array.ConvertAll(source, x => (float)x));
    }

    // White noise through a resonance (an autoregression of order two) whose frequency, sharpness and level belong to
    // the scene, over a floor of white noise. Its variance is known in closed form, so that the level is what is meant.
    private static double[] Source(int length, Xoshiro256 random)
    {
        double[] source = new double[length];
        double previous = 0;
        double beforePrevious = 0;
        double first = 0;
        double second = 0;
        double excitation = 0;
        double gain = 0;
        double targetGain = 0;
        for (int i = 0; i < length; i++)
        {
            if (i % (SceneSeconds * SampleRate) == 0)
            {
                double radius = random.NextDouble(0.5, 0.9);
                double frequency = random.NextDouble(200, 2500);
                first = 2 * radius * FixedMath.CosTurns(frequency / SampleRate);
                second = -radius * radius;
                double variance = (1 - second) / ((1 + second) * (((1 - second) * (1 - second)) - (first * first)));
                excitation = 1 / Math.Sqrt(variance);
                targetGain = FixedMath.Exp(random.NextDouble(-0.9, 0.9));
                gain = i == 0 ? targetGain : gain;
            }

            gain += (targetGain - gain) / FadeSamples;
            double next = (first * previous) + (second * beforePrevious) + (excitation * random.NextNormal());
            beforePrevious = previous;
            previous = next;
            source[i] = gain * (next + (FloorLevel * random.NextNormal()));
        }

        return source;
    }

    private static double[] ThroughPath(double[] source, Xoshiro256 random)
    {
        double[] noise = new double[source.Length];
        int sceneLength = SceneSeconds * SampleRate;
        double[] end = RandomPath(random);
        for (int sceneStart = 0; sceneStart < source.Length; sceneStart += sceneLength)
        {
            double[] begin = sceneStart == 0 ? end : Mix(end, RandomPath(random), 0.6);
            end = Mix(begin, RandomPath(random), 0.4);
            int sceneEnd = Math.Min(sceneStart + sceneLength, source.Length);
            for (int i = sceneStart; i < sceneEnd; i++)
            {
                double share = (double)(i - sceneStart) / sceneLength;
                double fromBegin = 0;
                double fromEnd = 0;
                for (int k = 0; k < PathTaps && k <= i; k++)
                {
                    fromBegin += begin[k] * source[i - k];
                    fromEnd += end[k] * source[i - k];
                }

                noise[i] = fromBegin + (share * (fromEnd - fromBegin));
            }
        }

        return noise;
    }

    // A direct arrival after a few samples, then reverberation that decays by 1/e in 40 samples; energy 1.
    private static double[] RandomPath(Xoshiro256 random)
    {
        double[] path = new double[PathTaps];
        int delay = 4 + random.NextInt(12);
        path[delay] = 1;
        for (int k = delay + 1; k < PathTaps; k++)
            path[k] = 0.35 * FixedMath.Exp((delay - k) / 40.0) * random.NextNormal();
        return Normalized(path);
    }

    private static double[] Mix(double[] path, double[] other, double share)
    {
        double[] mixed = new double[PathTaps];
        for (int k = 0; k < PathTaps; k++)
            mixed[k] = ((1 - share) * path[k]) + (share * other[k]);
        return Normalized(mixed);
    }

    private static double[] Normalized(double[] path)
    {
        double energy = 0;
        foreach (double h in path)
            energy += h * h;
        double scale = 1 / Math.Sqrt(energy);
        return Array.ConvertAll(path, h => h * scale);
    }
}
