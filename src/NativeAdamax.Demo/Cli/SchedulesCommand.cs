using System.CommandLine;
using System.Globalization;
using NativeAdamax.Demo.Gallery;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Cli;

/// <summary>Draws every learning-rate schedule.</summary>
internal sealed class SchedulesCommand
{
    public const string Summary = "Draw the learning-rate schedules of Keras, MXNet, optax and PyTorch.";

    private const int SparklineWidth = 50;

    private static readonly string[] Colors = [Series.Blue, Series.Vermilion, Series.Green, Series.Purple];

    private readonly NumberOption<int> _steps = new("--steps", "The last step that is drawn.", 20, 100_000, 120);

    private readonly PlotOption _plot = new(Path.Combine("artifacts", "schedules.svg"));

    public void AddTo(Command command)
    {
        command.Options.Add(_steps);
        command.Options.Add(_plot);
    }

    /// <returns>A scenario that is ready to start: whatever may be wrong with its options has been found.</returns>
    public Scenario Prepare(ParseResult parsed)
    {
        int steps = parsed.GetValue(_steps);
        PlotFile plot = _plot.Prepare(parsed);
        return new Scenario(null, (terminal, cancellation) => Run(steps, plot, terminal, cancellation));
    }

    private static void Run(int steps, PlotFile plot, Terminal terminal, CancellationToken cancellation)
    {
        terminal.Output.MarkupLine("[bold]NativeAdamax's learning-rate schedules[/]");
        IReadOnlyList<Room> rooms = ScheduleGallery.Of(steps);
        foreach (Room room in rooms)
        {
            cancellation.ThrowIfCancellationRequested();
            terminal.Output.WriteLine();
            terminal.Output.MarkupLine(Markup.Escape(room.Title));
            foreach (Exhibit exhibit in room.Exhibits)
            {
                terminal.Output.MarkupLine(
                    $"  [grey]{Markup.Escape(exhibit.Name),-24}[/] "
                    + Sparkline.Of(exhibit.Values, SparklineWidth, logarithmic: false));
            }
        }

        terminal.Output.WriteLine();
        plot.Write(Chart(steps, rooms).Render());
        terminal.Fact("plot", Markup.Escape(plot.DisplayPath));
    }

    private static SvgChart Chart(int steps, IReadOnlyList<Room> rooms) => new(
        "Learning-rate schedules",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{rooms.Sum(room => room.Exhibits.Count)} lines of {steps + 1} steps; rates, but beta1 and a metric in ") +
        "the frames that say so",
        "count that the schedule sees",
        [.. rooms.Select(room => new PlotPanel(room.Title, [.. room.Exhibits.Select(Line)]) { Weight = 0.6 })]);

    private static Series Line(Exhibit exhibit, int index) => new(
        exhibit.Name, Colors[index], [.. exhibit.Values.Select((value, count) => ((double)count, value))]);
}
