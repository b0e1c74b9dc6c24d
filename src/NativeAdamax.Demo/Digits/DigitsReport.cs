using System.Globalization;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Digits;

/// <summary>What a training run shows while it goes, and after it.</summary>
internal sealed class DigitsReport(ProgressView view, int epochs)
{
    private const int Milestones = 10;
    private const int LineWidth = 40;

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
            $"[grey]loss[/]      [bold]{Short(status.Loss),8}[/]  [dodgerblue1]{Sparkline.Of(_losses, LineWidth)}[/]",
            Invariant($"[grey]accuracy[/]  [bold]{status.Accuracy,8:P1}[/]  [grey]in training[/]") +
            $"  [bold]{heldOut}[/]  [grey]on held-out images[/]");
    }

    /// <summary>The lines after a run.</summary>
    public static void Summarize(Terminal terminal, DigitsSettings settings, Trainer trainer, DigitsResult result)
    {
        EpochResult last = result.Epochs[^1];
        int correct = (int)Math.Round(last.HeldOutAccuracy * trainer.HeldOutCount);
        double share = result.InSteps / result.Total;
        terminal.Fact("test accuracy", Invariant(
            $"[bold green]{last.HeldOutAccuracy:P2}[/]  ({correct} of {trainer.HeldOutCount} held-out images)"));
        terminal.Fact("loss", Invariant(
            $"{last.TrainingLoss:G3} in training, {last.HeldOutLoss:G3} on held-out images"));
        terminal.Fact("optimizer", Invariant(
            $"{settings.Optimizer.Title}, learning rate {settings.Optimizer.LearningRate:R}"));
        terminal.Fact("precision", $"{settings.Precision.Title}; {settings.Precision.Bill}");
        terminal.Fact("backend", Markup.Escape((trainer.Backend with { LibraryFile = null }).Description));
        terminal.Fact("time", Invariant(
            $"{result.Total.TotalSeconds:F2} s, of which {result.InSteps.TotalSeconds:F2} s ({share:P1}) ") + Invariant(
            $"in {result.Steps:N0} optimizer steps"));
        terminal.Fact("weights", $"sha256 [bold]{result.WeightsHash}[/]");
    }

    /// <summary>Loss and accuracy by epoch.</summary>
    public static SvgChart Plot(DigitsSettings settings, Network network, DigitsResult result)
    {
        EpochResult last = result.Epochs[^1];
        string subtitle = string.Join(
            ", ", $"Network {string.Join('-', network.Sizes)}", $"batches of {settings.Batch}",
            Invariant($"learning rate {settings.Optimizer.LearningRate:R}"),
            Invariant($"seed {settings.Seed}; held-out accuracy at the end {last.HeldOutAccuracy:P2}"));
        PlotPanel loss = Panel("Loss, nats", e => e.HeldOutLoss, e => e.TrainingLoss) with { Logarithmic = true };
        PlotPanel accuracy = Panel("Recognized, %", e => 100 * e.HeldOutAccuracy, e => 100 * e.TrainingAccuracy) with
        {
            Weight = 0.7,
        };
        return new SvgChart(
            $"Handwritten digits, learned with {settings.Optimizer.Title}", subtitle, "epoch", [loss, accuracy]);

        PlotPanel Panel(string title, Func<EpochResult, double> heldOut, Func<EpochResult, double> training) =>
            new(title, [Line("held out", Series.Vermilion, heldOut), Line("training", Series.Blue, training)]);

        Series Line(string name, string color, Func<EpochResult, double> value) =>
            new(name, color, [.. result.Epochs.Select(epoch => ((double)epoch.Epoch, value(epoch)))]);
    }

    private static string Plain(DigitsStatus status) => Invariant(
        $"loss {Short(status.Loss)}   accuracy {status.Accuracy:P1} in training, ") + Invariant(
        $"{status.HeldOut?.HeldOutAccuracy:P1} held out");

    private static string Short(double loss) =>
        loss.ToString(loss < 100 ? "F5" : "0.##E+0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
