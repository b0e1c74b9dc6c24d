using System.Globalization;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Digits;

/// <summary>What a contest of precisions shows while it goes, and after it.</summary>
internal sealed class PrecisionReport(ProgressView view)
{
    private static readonly (PrecisionChoice Choice, string Color)[] Drawn =
    [
        (PrecisionChoice.Nearest, Series.Vermilion), (PrecisionChoice.Random, Series.Green),
        (PrecisionChoice.Small, Series.Purple), (PrecisionChoice.Float32, Series.Blue),
    ];

    public void Update(PrecisionStatus status)
    {
        string name = Name(status.Plan);
        if (status.Finished is { } result)
            view.Milestone(Invariant($"{name,-9} seed {status.Seed}   {result.HeldOutAccuracy:P2} held out"));
        view.Update(status.Fraction, $"[bold]{name,-9}[/]", Invariant($"[grey]{status.Plan.Title}, seed {status.Seed}[/]"));
    }

    /// <summary>The table after a contest.</summary>
    public static void Summarize(
        Terminal terminal, DigitsSettings settings, int seeds, PrecisionResult result, BackendInfo backend)
    {
        terminal.Fact("", "[grey]accuracy   to float32       loss   bytes a parameter[/]");
        foreach (PrecisionScore score in result.Scores)
        {
            string accuracy = Invariant($"{score.Accuracy,8:P2}");
            bool stalls = result.Stalls(score);
            terminal.Fact(
                Name(score.Plan),
                (stalls ? $"[bold red]{accuracy}[/]" : accuracy) +
                Invariant($"   {100 * result.Difference(score),+10:+0.00;-0.00;0.00}   {score.TrainingLoss,8:F4}") +
                Invariant($"   {score.Plan.TotalBytes,5:F2}   {score.Plan.Title}") + (stalls ? ": stalls" : ""));
        }

        terminal.Output.WriteLine();
        terminal.Fact("accuracy", Invariant(
            $"of the held-out images, mean of {seeds} seeds from {settings.Seed} on, after {settings.Epochs} epochs"));
        terminal.Fact("to float32", Invariant(
            $"in percentage points; more than {100 * PrecisionResult.Tolerance:0.#} below: stalls"));
        terminal.Fact("loss", "in training, nats");
        terminal.Fact("bytes", "weights, gradient, moments and average; small tensors too have moments of 8 and 4 bits");
        terminal.Fact("optimizer", Invariant(
            $"{settings.Optimizer.Title}, learning rate {settings.Optimizer.LearningRate:R}"));
        terminal.Fact("backend", Markup.Escape((backend with { LibraryFile = null }).Description));
        terminal.Fact("time", Invariant($"{result.Total.TotalSeconds:F1} s"));
    }

    /// <summary>Loss and accuracy by epoch, of float32 and of weights in fewer bits.</summary>
    public static SvgChart Plot(DigitsSettings settings, Network network, int seeds, PrecisionResult result)
    {
        string subtitle = string.Join(
            ", ", $"Network {string.Join('-', network.Sizes)}", $"batches of {settings.Batch}",
            Invariant($"learning rate {settings.Optimizer.LearningRate:R}"),
            Invariant($"means of {seeds} seeds from {settings.Seed} on"));
        PlotPanel loss = Panel("Loss in training, nats", e => e.TrainingLoss) with { Logarithmic = true };
        PlotPanel accuracy = Panel("Recognized of the held-out images, %", e => 100 * e.HeldOutAccuracy);
        return new SvgChart(
            $"Weights in fewer bits, trained with {settings.Optimizer.Title}", subtitle, "epoch", [loss, accuracy]);

        PlotPanel Panel(string title, Func<EpochResult, double> value) => new(
            title, [.. Drawn.Select(line => Line(result.Scores.First(s => s.Plan.Choice == line.Choice), line.Color, value))]);

        Series Line(PrecisionScore score, string color, Func<EpochResult, double> value) => new(
            Name(score.Plan), color,
            [.. Enumerable.Range(0, settings.Epochs).Select(i => (i + 1.0, score.Runs.Average(run => value(run.Epochs[i]))))]);
    }

    private static string Name(PrecisionPlan plan) => plan.Choice.ToString().ToLowerInvariant();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
