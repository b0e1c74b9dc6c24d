using System.CommandLine;
using System.Globalization;
using NativeAdamax.Demo.Digits;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Cli;

/// <summary>The first scenario: a network learns to read handwritten digits.</summary>
internal sealed class DigitsCommand
{
    public const string Summary = "Train a multilayer perceptron to read handwritten digits.";

    private readonly ChoiceOption<OptimizerChoice> _optimizer =
        new("--optimizer", "Who moves the weights.", OptimizerChoice.Adamax);

    private readonly ChoiceOption<Dialect> _dialect = new("--dialect", "Whose formulas and defaults.", Dialect.Keras);
    private readonly NumberOption<int> _epochs = new("--epochs", "Passes over the training images.", 1, 100_000, 80);
    private readonly NumberOption<int> _batch = new("--batch", "The most images of a step.", 1, 1024, 32);

    private readonly NumberOption<int> _hidden =
        new("--hidden", "Outputs of each of the two hidden layers.", 1, 4096, 512);

    private readonly NumberOption<double> _learningRate =
        new("--learning-rate", "The same at every step.", 0, 1000, 0.001);

    private readonly ChoiceOption<PrecisionChoice> _precision = new(
        "--precision", "What weights, gradients and moments are kept in; 'all' compares them.", PrecisionChoice.Float32);

    private readonly NumberOption<int> _seeds =
        new("--seeds", "How many runs '--precision all' takes the mean of, from --seed on.", 1, 100, 3);

    private readonly NumberOption<int> _threads =
        new("--threads", "The most threads of a step; 0 for all. Any number gives the same weights.", 0, 1024, 0);

    private readonly CommonOptions _common = new(Path.Combine("artifacts", "digits.svg"));

    public void AddTo(Command command)
    {
        command.Options.Add(_optimizer);
        command.Options.Add(_dialect);
        command.Options.Add(_epochs);
        command.Options.Add(_batch);
        command.Options.Add(_hidden);
        command.Options.Add(_learningRate);
        command.Options.Add(_precision);
        command.Options.Add(_seeds);
        command.Options.Add(_threads);
        _common.AddTo(command);
    }

    /// <returns>A scenario that is ready to start: whatever may be wrong with its options has been found.</returns>
    public Scenario Prepare(ParseResult parsed)
    {
        var optimizer = new OptimizerSettings(
            _optimizer.In(parsed), _dialect.In(parsed), parsed.GetValue(_learningRate),
            parsed.GetValue(_threads), _common.Backend(parsed));
        var settings = new DigitsSettings(
            optimizer, parsed.GetValue(_epochs), parsed.GetValue(_batch), _common.Seed(parsed))
        {
            Hidden = parsed.GetValue(_hidden),
        };
        PrecisionChoice precision = _precision.In(parsed);
        bool all = precision == PrecisionChoice.All;
        if (!all && parsed.GetResult(_seeds) is { Implicit: false })
            throw new ArgumentException("--seeds goes with --precision all alone.");
        if (!all)
            settings = settings with { Precision = PrecisionPlan.Of(precision) };
        PlotFile plot = _common.Plot(parsed);
        var trainer = new Trainer(settings);
        int seeds = parsed.GetValue(_seeds);
        return new Scenario(trainer, (terminal, cancellation) =>
        {
            if (all)
                Compare(settings, seeds, trainer, plot, terminal, cancellation);
            else
                Run(settings, trainer, plot, terminal, cancellation);
        });
    }

    private static void Run(
        DigitsSettings settings, Trainer trainer, PlotFile plot, Terminal terminal, CancellationToken cancellation)
    {
        Introduce(trainer, terminal);
        DigitsResult result = ProgressView.Run(terminal, "epoch", view =>
        {
            var report = new DigitsReport(view, settings.Epochs);
            return trainer.Run(report.Update, cancellation);
        });
        cancellation.ThrowIfCancellationRequested();
        if (!terminal.Live)
            terminal.Output.WriteLine();
        DigitsReport.Summarize(terminal, settings, trainer, result);
        plot.Write(DigitsReport.Plot(settings, trainer.Network, result).Render());
        terminal.Fact("plot", Markup.Escape(plot.DisplayPath));
    }

    private static void Compare(
        DigitsSettings settings, int seeds, Trainer trainer, PlotFile plot, Terminal terminal,
        CancellationToken cancellation)
    {
        Introduce(trainer, terminal);
        PrecisionResult result = ProgressView.Run(
            terminal, "precision",
            view => PrecisionContest.Run(settings, seeds, new PrecisionReport(view).Update, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (!terminal.Live)
            terminal.Output.WriteLine();
        PrecisionReport.Summarize(terminal, settings, seeds, result, trainer.Backend);
        plot.Write(PrecisionReport.Plot(settings, trainer.Network, seeds, result).Render());
        terminal.Fact("plot", Markup.Escape(plot.DisplayPath));
    }

    private static void Introduce(Trainer trainer, Terminal terminal)
    {
        string sizes = string.Join('-', trainer.Network.Sizes);
        terminal.Output.MarkupLine("[bold]NativeAdamax learns handwritten digits[/]");
        terminal.Output.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trainer.TrainingCount:N0} images to learn from, {trainer.HeldOutCount} held out; " +
            $"network {sizes}, {trainer.Network.ParameterCount:N0} parameters"));
        terminal.Output.WriteLine();
    }
}
