using System.CommandLine;
using NativeAdamax.Demo.Plotting;

namespace NativeAdamax.Demo.Cli;

/// <summary>The option that says where a plot goes.</summary>
internal sealed class PlotOption : Option<string>
{
    /// <param name="standard">The plot's path where none is given.</param>
    public PlotOption(string standard)
        : base("--plot")
    {
        Description = "Where the SVG plot goes.";
        HelpName = "file";
        DefaultValueFactory = _ => standard;
    }

    /// <exception cref="IOException">The plot cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The plot may not be written there.</exception>
    public PlotFile Prepare(ParseResult parsed) => PlotFile.Prepare(parsed.GetRequiredValue(this));
}
