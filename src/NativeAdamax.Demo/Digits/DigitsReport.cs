using System.Globalization;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Digits;

/// <summary>What a training run shows while it goes, and after it.</summary>
internal sealed class DigitsReport(ProgressView view, int epochs)
{
    private const int Milestones = 10;
    private const int SparklineWidth = 40;

    private readonly List<double> _losses = [];

    public void Update(DigitsStatus status)
    {
        if (status.EpochEnd)
        {
            _losses.Add(status.Loss);
            if (status.Epoch == 1 || status.Epoch == epochs || status.Epoch % Math.Max(1, epochs / Milestones) == 0)
                view.Milestone(Invariant($"epoch {status.Epoch,4}/{epochs}   {Plain(status)}"));
        }

        string heldOut = status.HeldOut is { } result ? Invariant($"{result.HeldOutAccuracy,7:P1}") : "      -";
        view.Update(
            status.Fraction,
            Invariant($"epoch [bold]{status.Epoch,3}[/]/{epochs}"),
            Invariant($"[grey]loss[/]      [bold]{Short(status.Loss),8}[/]  [dodgerblue1]{Sparkline.Of(_losses, SparklineWidth)}[/]"),
            Invariant($"[grey]accuracy[/]  [bold]{status.Accuracy,8:P1}[/]  [grey]in training[/]  [bold]{heldOut}[/]  [grey]on held-out images[/]"));
    }

    /// <summary>The lines after a run.</summary>
    public static void Summarize(Terminal terminal, DigitsSettings settings, Trainer trainer, DigitsResult result)
    {
        EpochResult last = result.Epochs[^1];
        int correct = (int)Math.Round(last.HeldOutAccuracy * trainer.HeldOutCount);
        double share = result.InSteps / result.Total;
        terminal.Fact("test accuracy", Invariant(
            $"[bold green]{last.HeldOutAccuracy:P2}[/]  ({correct} of {trainer.HeldOutCount} held-out images)"));
        terminal.Fact("loss", Invariant($"{last.TrainingLoss:G3} in training, {last.HeldOutLoss:G3} on held-out images"));
        terminal.Fact("optimizer", Invariant(
            $"{settings.Optimizer.Name} as in {settings.Optimizer.Dialect}, learning rate {settings.Optimizer.LearningRate:R}"));
        terminal.Fact("backend", Markup.Escape((trainer.Backend with { LibraryFile = null }).Description));
        terminal.Fact("time", Invariant(
            $"{result.Total.TotalSeconds:F2} s, of which {result.InSteps.TotalSeconds:F2} s ({share:P1}) in {result.Steps:N0} optimizer steps"));
        terminal.Fact("weights", $"sha256 [bold]{result.WeightsHash}[/]");
    }

    /// <summary>Loss and accuracy by epoch.</summary>
    public static SvgChart Plot(DigitsSettings settings, Network network, DigitsResult result)
    {
        EpochResult last = result.Epochs[^1];
        string subtitle = Invariant(
            $"Network {string.Join('-', network.Sizes)}, batches of {settings.Batch}, learning rate {settings.Optimizer.LearningRate:R}, seed {settings.Seed}; held-out accuracy at the end {last.HeldOutAccuracy:P2}");
        return new SvgChart(
            $"Handwritten digits, learned with {settings.Optimizer.Name} as in {settings.Optimizer.Dialect}", subtitle, "epoch",
            [
                new PlotPanel("Loss, nats", [Line("held out", Series.Vermilion, e => e.HeldOutLoss), Line("training", Series.Blue, e => e.TrainingLoss)])
                {
                    Logarithmic = true,
                },
                new PlotPanel("Recognized, %", [Line("held out", Series.Vermilion, e => 100 * e.HeldOutAccuracy), Line("training", Series.Blue, e => 100 * e.TrainingAccuracy)])
                {
                    Weight = 0.7,
                },
            ]);

        Series Line(string name, string color, Func<EpochResult, double> value) =>
            new(name, color, [.. result.Epochs.Select(epoch => ((double)epoch.Epoch, value(epoch)))]);
    }

    private static string Plain(DigitsStatus status) => Invariant(
        $"loss {Short(status.Loss)}   accuracy {status.Accuracy:P1} in training, {status.HeldOut?.HeldOutAccuracy:P1} held out");

    private static string Short(double loss) =>
        loss.ToString(loss < 100 ? "F5" : "0.##E+0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
