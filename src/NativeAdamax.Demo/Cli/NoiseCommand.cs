using System.CommandLine;
using System.Globalization;
using NativeAdamax.Demo.Noise;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Cli;

/// <summary>The second scenario: an adaptive filter cancels noise that keeps changing.</summary>
internal sealed class NoiseCommand
{
    public const string Summary =
        "Cancel noise whose colour, level and path change, with an adaptive filter: Adamax, Adam and plain SGD.";

    private readonly NumberOption<int> _seconds =
        new("--seconds", "Length of a recording; a new noise every 4.", Recording.SceneSeconds, 600, 24);

    private readonly NumberOption<int> _recordings = new("--recordings", "How many to clean.", 1, 100, 5);

    private readonly CommonOptions _common = new(Path.Combine("artifacts", "noise.svg"));

    public void AddTo(Command command)
    {
        command.Options.Add(_recordings);
        command.Options.Add(_seconds);
        _common.AddTo(command);
    }

    /// <returns>A scenario that is ready to start: whatever may be wrong with its options has been found.</returns>
    public Scenario Prepare(ParseResult parsed)
    {
        var settings = new NoiseSettings(
            _common.Seed(parsed), parsed.GetValue(_recordings), parsed.GetValue(_seconds), _common.Backend(parsed));
        PlotFile plot = _common.Plot(parsed);
        BackendInfo backend = Probe(settings.Backend);
        return new Scenario(null, (terminal, cancellation) => Run(settings, backend, plot, terminal, cancellation));
    }

    // The library tells which kernels it would use by an optimizer that has them.
    private static BackendInfo Probe(BackendSelection? backend)
    {
        using var parameter = Parameter.Create(1);
        var settings = new OptimizerSettings(
            OptimizerChoice.Adamax, Dialect.Keras, LearningRate: 0, Threads: 1, backend);
        using Optimizer optimizer = settings.Create([parameter]);
        return optimizer.BackendInfo;
    }

    private static void Run(
        NoiseSettings settings, BackendInfo backend, PlotFile plot, Terminal terminal, CancellationToken cancellation)
    {
        terminal.Output.MarkupLine("[bold]NativeAdamax cancels noise that changes[/]");
        terminal.Output.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{settings.Recordings} recordings of {settings.Seconds} s, {Recording.SampleRate} samples a second; " +
            $"a filter of {AdaptiveFilter.Taps} taps, one step a sample"));
        terminal.Output.WriteLine();
        NoiseResult result = ProgressView.Run(
            terminal, "recording", view => Contest.Run(settings, new NoiseReport(view).Update, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (!terminal.Live)
            terminal.Output.WriteLine();
        NoiseReport.Summarize(terminal, settings, result, backend);
        plot.Write(NoiseReport.Plot(settings, result).Render());
        terminal.Fact("plot", Markup.Escape(plot.DisplayPath));
    }
}
