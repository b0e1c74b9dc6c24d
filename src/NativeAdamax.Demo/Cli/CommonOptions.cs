using System.CommandLine;
using NativeAdamax.Demo.Plotting;

namespace NativeAdamax.Demo.Cli;

/// <summary>The options of the scenarios that train.</summary>
/// <param name="defaultPlot">The plot's path where none is given.</param>
internal sealed class CommonOptions(string defaultPlot)
{
    private readonly NumberOption<ulong> _seed =
        new("--seed", "Decides everything random: the same seed gives the same result.", 0, ulong.MaxValue, 1);

    private readonly Option<string?> _backend = BackendOption();

    private readonly PlotOption _plot = new(defaultPlot);

    public void AddTo(Command command)
    {
        command.Options.Add(_seed);
        command.Options.Add(_backend);
        command.Options.Add(_plot);
    }

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <exception cref="IOException">The plot cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The plot may not be written there.</exception>
    public PlotFile Plot(ParseResult parsed) => _plot.Prepare(parsed);

    public BackendSelection? Backend(ParseResult parsed) =>
        parsed.GetValue(_backend) is { } text ? BackendSelection.Parse(text) : null;

    private static Option<string?> BackendOption()
    {
        var option = new Option<string?>("--backend")
        {
            Description = "Whose kernels: native (the best instruction set), native:avx2 and the like; or managed. " +
                "All give the same weights. [default: native where it is there]",
            HelpName = "name",
        };
        option.CompletionSources.Add(
            "native", "native:portable", "native:avx2", "native:avx512", "native:neon", "managed");
        option.Validators.Add(result =>
        {
            try
            {
                BackendSelection.Parse(result.GetRequiredValue(option)!);
            }
            catch (FormatException wrong)
            {
                result.AddError($"--backend: {wrong.Message}");
            }
        });
        return option;
    }
}
