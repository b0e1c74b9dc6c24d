using System.Numerics.Tensors;

namespace NativeAdamax.Demo.Noise;

/// <summary>
/// A noise canceller: a filter over the last samples of the noise's source predicts what reaches the microphone, and
/// what remains, e = microphone - w x, is the estimate of the speech. An optimizer moves the taps w after every
/// sample along the gradient of e²/2, which is -e x.
/// </summary>
internal static class AdaptiveFilter
{
    /// <summary>The filter's length.</summary>
    public const int Taps = 256;

    private const int CancellationInterval = 4096;

    /// <summary>The estimate of the speech for each sample of a recording.</summary>
    /// <param name="recording">What to clean.</param>
    /// <param name="taps">The weights to adapt, of length <see cref="Taps"/>; the newest sample's last.</param>
    /// <param name="step">Moves the weights by the gradient in <paramref name="taps"/>.</param>
    /// <param name="progress">Is told the samples done, every few thousand.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static float[] Run(
        Recording recording, Parameter taps, Action step, Action<int> progress, CancellationToken cancellation)
    {
        float[] estimate = new float[recording.Length];

        // Silence before the first sample, so that every window is whole.
        float[] padded = new float[Taps - 1 + recording.Length];
        recording.Reference.CopyTo(padded, Taps - 1);
        for (int i = 0; i < recording.Length; i++)
        {
            ReadOnlySpan<float> window = padded.AsSpan(i, Taps);
            float e = recording.Microphone[i] - Dot(taps.Weights, window);
            estimate[i] = e;
            TensorPrimitives.Multiply(window, -e, taps.Gradient);
            step();
            if ((i + 1) % CancellationInterval == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress(CancellationInterval);
            }
        }

        progress(recording.Length % CancellationInterval);
        return estimate;
    }

    // Eight sums in one fixed order, so that the result does not depend on the width of a vector.
    private static float Dot(ReadOnlySpan<float> w, ReadOnlySpan<float> x)
    {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        for (int i = 0; i + 8 <= w.Length && i + 8 <= x.Length; i += 8)
        {
            s0 += w[i] * x[i];
            s1 += w[i + 1] * x[i + 1];
            s2 += w[i + 2] * x[i + 2];
            s3 += w[i + 3] * x[i + 3];
            s4 += w[i + 4] * x[i + 4];
            s5 += w[i + 5] * x[i + 5];
            s6 += w[i + 6] * x[i + 6];
            s7 += w[i + 7] * x[i + 7];
        }

        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }
}
