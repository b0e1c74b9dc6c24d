using System.Diagnostics;

namespace NativeAdamax.Demo.Digits;

/// <summary>How training went with a precision.</summary>
/// <param name="Plan">What was kept in what.</param>
/// <param name="Runs">One a seed.</param>
internal sealed record PrecisionScore(PrecisionPlan Plan, IReadOnlyList<DigitsResult> Runs)
{
    /// <summary>The mean over all runs' last epochs, 0 to 1.</summary>
    public double Accuracy => Runs.Average(run => run.Epochs[^1].HeldOutAccuracy);

    /// <summary>The same of the training's loss, in nats.</summary>
    public double TrainingLoss => Runs.Average(run => run.Epochs[^1].TrainingLoss);
}

/// <summary>All scores, float32's first.</summary>
internal sealed record PrecisionResult(IReadOnlyList<PrecisionScore> Scores, TimeSpan Total)
{
    /// <summary>How far below float32 an accuracy may be, 0 to 1.</summary>
    public const double Tolerance = 0.005;

    /// <summary>Against float32, 0 to 1.</summary>
    public double Difference(PrecisionScore score) => score.Accuracy - Scores[0].Accuracy;

    /// <summary>Whether a score is not within the tolerance of float32's.</summary>
    public bool Stalls(PrecisionScore score) => Difference(score) < -Tolerance;
}

/// <summary>Where a contest is.</summary>
/// <param name="Fraction">Of all epochs, 0 to 1.</param>
/// <param name="Plan">Whose epoch has ended.</param>
/// <param name="Seed">Of its run.</param>
/// <param name="Finished">After the run's last epoch.</param>
internal readonly record struct PrecisionStatus(double Fraction, PrecisionPlan Plan, ulong Seed, EpochResult? Finished);

/// <summary>Trains with every precision, each from the same seeds.</summary>
internal static class PrecisionContest
{
    /// <param name="settings">Of every run, but for its precision; the first seed.</param>
    /// <param name="seeds">How many, one after the other.</param>
    /// <param name="report">Is told after every epoch of any run, never twice at a time.</param>
    /// <param name="cancellation">Ends the contest.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PrecisionResult Run(
        DigitsSettings settings, int seeds, Action<PrecisionStatus> report, CancellationToken cancellation)
    {
        var total = Stopwatch.StartNew();
        IReadOnlyList<PrecisionPlan> plans = PrecisionPlan.All;
        var results = new DigitsResult[plans.Count * seeds];
        int done = 0;
        Lock reporting = new();

        // Runs are independent of each other: which ones go side by side changes none.
        Parallel.For(0, results.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            (PrecisionPlan plan, ulong seed) = (plans[i / seeds], unchecked(settings.Seed + (ulong)(i % seeds)));
            using var trainer = new Trainer(settings with { Precision = plan, Seed = seed });
            results[i] = trainer.Run(status =>
            {
                if (!status.EpochEnd)
                    return;
                lock (reporting)
                {
                    double fraction = ++done / ((double)results.Length * settings.Epochs);
                    EpochResult? finished = status.Epoch == settings.Epochs ? status.HeldOut : null;
                    report(new PrecisionStatus(fraction, plan, seed, finished));
                }
            }, cancellation);
        });
        return new PrecisionResult(
            [.. plans.Select((plan, i) => new PrecisionScore(plan, results[(i * seeds)..((i + 1) * seeds)]))],
            total.Elapsed);
    }
}
