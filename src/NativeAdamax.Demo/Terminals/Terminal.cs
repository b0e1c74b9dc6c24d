using Spectre.Console;

namespace NativeAdamax.Demo.Terminals;

/// <summary>
/// Where the program writes. On a terminal it draws; into a file or a pipe it writes plain lines, without a single
/// control character but the end of the line.
/// </summary>
internal sealed class Terminal
{
    private const int LongestPlainLine = 4096;

    private Terminal(IAnsiConsole output, IAnsiConsole error, bool live)
    {
        Output = output;
        Error = error;
        Live = live;
    }

    public IAnsiConsole Output { get; }

    public IAnsiConsole Error { get; }

    /// <summary>Whether the output can be drawn over.</summary>
    public bool Live { get; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        IAnsiConsole output = Open(Console.Out, Console.IsOutputRedirected);
        IAnsiConsole error = Open(Console.Error, Console.IsErrorRedirected);
        return new Terminal(output, error, !Console.IsOutputRedirected && output.Profile.Capabilities.Ansi);
    }

    /// <summary>A line of a summary, its values under one another.</summary>
    /// <param name="label">Up to 14 characters.</param>
    /// <param name="value">With markup.</param>
    public void Fact(string label, string value) => Output.MarkupLine($"  [grey]{label,-14}[/] {value}");

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });

        // Nothing is wrapped where nobody's window has a width.
        if (redirected)
            console.Profile.Width = LongestPlainLine;
        return console;
    }
}
