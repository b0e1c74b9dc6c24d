using System.Diagnostics;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Noise;

/// <param name="Seed">Decides the recordings.</param>
/// <param name="Recordings">How many count, besides the rehearsal.</param>
/// <param name="Seconds">Of each of them.</param>
/// <param name="Backend">Null for the process' own choice.</param>
internal sealed record NoiseSettings(ulong Seed, int Recordings, int Seconds, BackendSelection? Backend);

/// <summary>Where a contest is.</summary>
/// <param name="Fraction">Of all samples, 0 to 1.</param>
/// <param name="Contender">Whose turn it is.</param>
/// <param name="Searching">Whether it still looks for its step size.</param>
internal readonly record struct NoiseStatus(double Fraction, Contender Contender, bool Searching);

/// <summary>How a contender did.</summary>
/// <param name="Step">What the rehearsal chose.</param>
/// <param name="AtEdge">Whether that was the smallest or the largest it could choose.</param>
/// <param name="Attempts">One a recording.</param>
internal sealed record NoiseScore(Contender Contender, double Step, bool AtEdge, IReadOnlyList<Attempt> Attempts)
{
    /// <summary>The mean of the recordings' gains.</summary>
    public double Decibels => Attempts.Average(attempt => attempt.Decibels);

    /// <summary>The lowest gain over a scene of any recording, in decibels.</summary>
    public double WorstScene => Attempts.Min(attempt => attempt.WorstScene);
}

internal sealed record NoiseResult(
    IReadOnlyList<Recording> Recordings, IReadOnlyList<NoiseScore> Scores, TimeSpan Total);

/// <summary>
/// Each contender rehearses on one recording, where it chooses the best of its step sizes, and is then measured on
/// others that it has not met.
/// </summary>
internal static class Contest
{
    /// <summary>Length of the rehearsal: three scenes.</summary>
    public const int RehearsalSeconds = 3 * Recording.SceneSeconds;

    private const ulong RehearsalStream = 4;
    private const ulong FirstRecordingStream = 5;

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NoiseResult Run(NoiseSettings settings, Action<NoiseStatus> report, CancellationToken cancellation)
    {
        var total = Stopwatch.StartNew();
        var rehearsal = Recording.Generate(RehearsalSeconds, new Xoshiro256(settings.Seed, RehearsalStream));
        var recordings = new List<Recording>();
        for (int i = 0; i < settings.Recordings; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new Xoshiro256(settings.Seed, FirstRecordingStream + (ulong)i);
            recordings.Add(Recording.Generate(settings.Seconds, random));
        }

        long each =
            ((long)Contender.StepCount * rehearsal.Length) + recordings.Sum(recording => (long)recording.Length);
        long done = 0;
        var scores = new List<NoiseScore>();
        foreach (Contender contender in Contender.All)
        {
            int best = Rehearse(
                contender, rehearsal, settings.Backend, n => Progress(contender, n, true), cancellation);
            Attempt[] attempts = [.. recordings.Select(recording => contender.Clean(
                recording, contender.Step(best), settings.Backend, n => Progress(contender, n, false), cancellation))];
            bool atEdge = best is 0 or Contender.StepCount - 1;
            scores.Add(new NoiseScore(contender, contender.Step(best), atEdge, attempts));
        }

        return new NoiseResult(recordings, scores, total.Elapsed);

        void Progress(Contender contender, int more, bool searching)
        {
            done += more;
            report(new NoiseStatus((double)done / (each * Contender.All.Count), contender, searching));
        }
    }

    private static int Rehearse(
        Contender contender, Recording rehearsal, BackendSelection? backend, Action<int> progress,
        CancellationToken cancellation)
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
}
