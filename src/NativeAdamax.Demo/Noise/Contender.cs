namespace NativeAdamax.Demo.Noise;

/// <summary>A way to move the filter's taps, with eight step sizes to choose from, each twice the one before.</summary>
/// <param name="Name">For people.</param>
/// <param name="SmallestStep">The first of the eight.</param>
/// <param name="Optimizer">Which of the library's; null for plain stochastic gradient descent.</param>
internal sealed record Contender(string Name, double SmallestStep, OptimizerChoice? Optimizer)
{
    /// <summary>How many step sizes there are.</summary>
    public const int StepCount = 8;

    /// <summary>
    /// Each with as many step sizes, over the same range of 1 to 128, around what suits the loudness of the recordings.
    /// </summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        new("Adamax", 1.0 / (1 << 13), OptimizerChoice.Adamax),
        new("Adam", 1.0 / (1 << 15), OptimizerChoice.Adam),
        new("SGD (LMS)", 1.0 / (1 << 16), null),
    ];

    public double Step(int index) => SmallestStep * (1 << index);

    /// <summary>Cleans a recording, from taps of zero.</summary>
    public Attempt Clean(
        Recording recording, double step, BackendSelection? backend, Action<int> progress,
        CancellationToken cancellation)
    {
        using var taps = Parameter.Create(AdaptiveFilter.Taps, "taps");
        using Optimizer? optimizer = Optimizer is { } choice
            ? new OptimizerSettings(choice, Dialect.Keras, step, Threads: 1, backend).Create([taps])
            : null;
        Action move = optimizer is null ? () => Descend(taps, (float)step) : () => optimizer.Step();
        float[] estimate = AdaptiveFilter.Run(recording, taps, move, progress, cancellation);
        double decibels = Gain.Over(recording, estimate, 0, recording.Length);
        return new Attempt(estimate, decibels, WorstScene(recording, estimate), taps.Weights.ToArray());
    }

    private static double WorstScene(Recording recording, float[] estimate)
    {
        const int SceneLength = Recording.SceneSeconds * Recording.SampleRate;
        double worst = double.PositiveInfinity;
        for (int start = 0; start < recording.Length; start += SceneLength)
        {
            int end = Math.Min(start + SceneLength, recording.Length);
            worst = Math.Min(worst, Gain.Over(recording, estimate, start, end));
        }

        return worst;
    }

    // The least-mean-squares filter (Widrow and Hoff, 1960) is stochastic gradient descent by another name.
    private static void Descend(Parameter taps, float step)
    {
        Span<float> w = taps.Weights;
        ReadOnlySpan<float> g = taps.Gradient;
        for (int i = 0; i < w.Length && i < g.Length; i++)
            w[i] -= step * g[i];
    }
}

/// <summary>What came of one filter on one recording.</summary>
/// <param name="Estimate">The speech as the filter left it.</param>
/// <param name="Decibels">The signal-to-noise gain over the whole recording.</param>
/// <param name="WorstScene">The lowest gain over a scene of it.</param>
/// <param name="Taps">The filter at the end.</param>
internal sealed record Attempt(float[] Estimate, double Decibels, double WorstScene, float[] Taps);
