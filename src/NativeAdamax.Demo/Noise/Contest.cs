using System.Diagnostics;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Noise;

/// <param name="Seed">Decides both recordings.</param>
/// <param name="Seconds">Of the recording that counts.</param>
/// <param name="Backend">Null for the process' own choice.</param>
internal sealed record NoiseSettings(ulong Seed, int Seconds, BackendSelection? Backend);

/// <summary>Where a contest is.</summary>
/// <param name="Fraction">Of all samples, 0 to 1.</param>
/// <param name="Contender">Whose turn it is.</param>
/// <param name="Searching">Whether it still looks for its step size.</param>
internal readonly record struct NoiseStatus(double Fraction, Contender Contender, bool Searching);

/// <summary>How a contender did.</summary>
/// <param name="Step">What the rehearsal chose.</param>
/// <param name="AtEdge">Whether that was the smallest or the largest it could choose.</param>
/// <param name="WorstScene">The lowest gain over a scene of the recording, in decibels.</param>
internal sealed record NoiseScore(Contender Contender, double Step, bool AtEdge, Attempt Attempt, double WorstScene);

internal sealed record NoiseResult(Recording Recording, IReadOnlyList<NoiseScore> Scores, TimeSpan Total);

/// <summary>
/// Each contender rehearses on one recording, where it chooses the best of its step sizes, and is then measured on another
/// one that it has not met.
/// </summary>
internal static class Contest
{
    /// <summary>Length of the rehearsal: three scenes.</summary>
    public const int RehearsalSeconds = 3 * Recording.SceneSeconds;

    private const ulong RehearsalStream = 4;
    private const ulong RecordingStream = 5;

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NoiseResult Run(NoiseSettings settings, Action<NoiseStatus> report, CancellationToken cancellation)
    {
        var total = Stopwatch.StartNew();
        var rehearsal = Recording.Generate(RehearsalSeconds, new Xoshiro256(settings.Seed, RehearsalStream));
        var recording = Recording.Generate(settings.Seconds, new Xoshiro256(settings.Seed, RecordingStream));
        long samples = Contender.All.Count * (((long)Contender.StepCount * rehearsal.Length) + recording.Length);
        long done = 0;
        var scores = new List<NoiseScore>();
        foreach (Contender contender in Contender.All)
        {
            int best = Rehearse(contender, rehearsal, settings.Backend, n => Progress(contender, n, true), cancellation);
            Attempt attempt = contender.Clean(
                recording, contender.Step(best), settings.Backend, n => Progress(contender, n, false), cancellation);
            bool atEdge = best is 0 or Contender.StepCount - 1;
            scores.Add(new NoiseScore(contender, contender.Step(best), atEdge, attempt, WorstScene(recording, attempt)));
        }

        return new NoiseResult(recording, scores, total.Elapsed);

        void Progress(Contender contender, int more, bool searching)
        {
            done += more;
            report(new NoiseStatus((double)done / samples, contender, searching));
        }
    }

    private static int Rehearse(
        Contender contender, Recording rehearsal, BackendSelection? backend, Action<int> progress, CancellationToken cancellation)
    {
        int best = 0;
        double bestGain = double.NegativeInfinity;
        for (int i = 0; i < Contender.StepCount; i++)
        {
            double gain = contender.Clean(rehearsal, contender.Step(i), backend, progress, cancellation).Decibels;
            if (gain > bestGain)
                (best, bestGain) = (i, gain);
        }

        return best;
    }

    private static double WorstScene(Recording recording, Attempt attempt)
    {
        const int SceneLength = Recording.SceneSeconds * Recording.SampleRate;
        double worst = double.PositiveInfinity;
        for (int start = 0; start < recording.Length; start += SceneLength)
        {
            int end = Math.Min(start + SceneLength, recording.Length);
            worst = Math.Min(worst, Gain.Over(recording, attempt.Estimate, start, end));
        }

        return worst;
    }
}
