using System.CommandLine;
using NativeAdamax.Demo.Cli;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo;

/// <summary>Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 after Ctrl-C, 143 when asked to terminate.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int WrongArguments = 2;

    public static int Main(string[] arguments)
    {
        var terminal = Terminal.OfProcess();
        var command = new DemoCommand();
        ParseResult parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return Refuse(terminal, parsed.Errors.Select(error => error.Message));
        Scenario? scenario;
        try
        {
            parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
            scenario = command.Prepared;
        }
        catch (Exception wrong) when (IsUserError(wrong))
        {
            return Refuse(terminal, [wrong.Message]);
        }

        using (scenario)
            return scenario is null ? 0 : Run(scenario, terminal);
    }

    private static int Run(Scenario scenario, Terminal terminal)
    {
        using var interrupt = new Interrupt();
        try
        {
            scenario.Run(terminal, interrupt.Token);
            return 0;
        }
        catch (OperationCanceledException) when (interrupt.ExitCode != 0)
        {
            terminal.Error.WriteLine("Stopped before the end; no plot was written.");
            return interrupt.ExitCode;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"demo: {failure.Message}");
            return Failed;
        }
    }

    private static bool IsUserError(Exception exception) =>
        exception is ArgumentException or BackendUnavailableException or IOException or UnauthorizedAccessException or
            NotSupportedException;

    private static int Refuse(Terminal terminal, IEnumerable<string> messages)
    {
        foreach (string message in messages)
            terminal.Error.WriteLine($"demo: {message}");
        terminal.Error.WriteLine("'demo --help' lists what it takes.");
        return WrongArguments;
    }
}
