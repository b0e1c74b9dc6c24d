using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace NativeAdamax.Demo.Cli;

/// <summary>The command line: <c>demo [digits|noise|schedules] [options]</c>.</summary>
internal sealed class DemoCommand
{
    private readonly Command _root =
        new("demo", "Shows NativeAdamax at work. Without a scenario's name: " + DigitsCommand.Summary);

    public DemoCommand()
    {
        var digits = new Command("digits", DigitsCommand.Summary + " The default.");
        var noise = new Command("noise", NoiseCommand.Summary);
        var asDefault = new DigitsCommand();
        var asNamed = new DigitsCommand();
        var noiseCommand = new NoiseCommand();
        var schedules = new Command("schedules", SchedulesCommand.Summary);
        var schedulesCommand = new SchedulesCommand();
        asDefault.AddTo(_root);
        asNamed.AddTo(digits);
        noiseCommand.AddTo(noise);
        schedulesCommand.AddTo(schedules);
        _root.Options.Add(new HelpOption { Recursive = true });
        _root.Subcommands.Add(digits);
        _root.Subcommands.Add(noise);
        _root.Subcommands.Add(schedules);
        _root.SetAction(parsed => Prepared = asDefault.Prepare(parsed));
        digits.SetAction(parsed => Prepared = asNamed.Prepare(parsed));
        noise.SetAction(parsed => Prepared = noiseCommand.Prepare(parsed));
        schedules.SetAction(parsed => Prepared = schedulesCommand.Prepare(parsed));
        digits.Validators.Add(RefuseOptionsBeforeName);
        noise.Validators.Add(RefuseOptionsBeforeName);
        schedules.Validators.Add(RefuseOptionsBeforeName);
    }

    /// <summary>The scenario, after its command was invoked; null after help.</summary>
    public Scenario? Prepared { get; private set; }

    public ParseResult Parse(IReadOnlyList<string> arguments) => _root.Parse(arguments);

    // They would belong to the default scenario, and be passed over in silence.
    private static void RefuseOptionsBeforeName(CommandResult result)
    {
        if (result.Parent is not CommandResult root)
            return;
        foreach (OptionResult option in root.Children.OfType<OptionResult>().Where(option => !option.Implicit))
        {
            if (option.Option is not HelpOption)
                result.AddError($"{option.Option.Name} must stand after '{result.Command.Name}'.");
        }
    }
}
