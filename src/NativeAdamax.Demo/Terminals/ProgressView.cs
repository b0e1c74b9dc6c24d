using Spectre.Console;
using Spectre.Console.Rendering;

namespace NativeAdamax.Demo.Terminals;

/// <summary>
/// Shows work under way: on a terminal a bar with lines below it, redrawn in place; elsewhere milestones, line by line.
/// </summary>
internal sealed class ProgressView
{
    private readonly Terminal _terminal;
    private readonly ProgressTask? _task;
    private volatile string[] _lines = [];

    private ProgressView(Terminal terminal, ProgressContext? context, string beginning)
    {
        _terminal = terminal;
        _task = context?.AddTask(beginning, maxValue: 1);
    }

    /// <summary>Does the work. The bar goes away with its end, also when that is an exception.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="beginning">Stands before the bar until the first <see cref="Update"/>.</param>
    /// <param name="work">Is given the view that it moves.</param>
    public static T Run<T>(Terminal terminal, string beginning, Func<ProgressView, T> work)
    {
        if (!terminal.Live)
            return work(new ProgressView(terminal, null, beginning));
        ProgressView? view = null;
        return terminal.Output.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 40, CompletedStyle = new Style(Color.DodgerBlue1) },
                new PercentageColumn(),
                new ElapsedTimeColumn())
            .UseRenderHook((bar, _) => new Rows([bar, .. Below(view), new Text(string.Empty)]))
            .Start(context =>
            {
                view = new ProgressView(terminal, context, beginning);
                return work(view);
            });
    }

    /// <summary>Moves the bar; what is shown is redrawn ten times a second.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="description">Before the bar, with markup.</param>
    /// <param name="lines">Below it, with markup.</param>
    public void Update(double fraction, string description, params string[] lines)
    {
        if (_task is null)
            return;
        _task.Description = description;
        _task.Value = fraction;
        _lines = lines;
    }

    /// <summary>A line of its own where there is no bar.</summary>
    public void Milestone(string text)
    {
        if (_task is null)
            _terminal.Output.WriteLine(text);
    }

    private static IEnumerable<IRenderable> Below(ProgressView? view) =>
        view?._lines.Select(line => new Padder(new Markup(line), new Padding(2, 0, 0, 0))) ?? [];
}
