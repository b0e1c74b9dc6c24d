using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeAdamax.Demo.Gallery;

namespace NativeAdamax.Tests.Demo;

[Trait("Category", "Process")]
public partial class DemoRunTests
{
    [Fact]
    public void The_defaults_recognize_97_percent_of_the_held_out_digits_and_say_how()
    {
        using var process = new DemoProcess([]);

        DemoOutcome outcome = process.Finish();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Empty(outcome.ControlCharacters);
        Match accuracy = AccuracyPattern().Match(outcome.Output);
        Assert.True(accuracy.Success, outcome.Output);
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), 97, 100);
        Assert.Matches("backend +(native, |managed, )", outcome.Output);
        Assert.Matches(@"time +\d+\.\d\d s, of which \d+\.\d\d s \(\d+\.\d %\) in 3,440 optimizer", outcome.Output);
        AssertPlot(Path.Combine(process.Directory, "artifacts", "digits.svg"), lines: 4);
    }

    [Fact]
    public void All_precisions_are_listed_with_their_bytes_and_drawn()
    {
        string[] arguments = ["digits", "--precision", "all", "--seeds", "2", "--hidden", "16", "--epochs", "2"];
        using var process = new DemoProcess([.. arguments, "--plot", "plots/d.svg"]);

        DemoOutcome outcome = process.Finish();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Empty(outcome.ControlCharacters);
        Assert.Matches(@"float32 +\d+\.\d\d % +0\.00 +\d\.\d{4} +16\.00   all float32", outcome.Output);
        Assert.Matches(@"small +\d+\.\d\d % +[+-]?\d+\.\d\d +\d\.\d{4} +7\.03   a bfloat16 model", outcome.Output);
        Assert.Contains("mean of 2 seeds from 1 on, after 2 epochs", outcome.Output, StringComparison.Ordinal);
        AssertPlot(Path.Combine(process.Directory, "plots", "d.svg"), lines: 8);
    }

    [Fact]
    public void The_noise_scenario_prints_gains_and_writes_its_plot()
    {
        using var process = new DemoProcess(["noise", "--recordings", "1", "--seconds", "8", "--plot", "plots/n.svg"]);

        DemoOutcome outcome = process.Finish();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Empty(outcome.ControlCharacters);
        Assert.Matches(@"Adamax +-?\d+\.\d\d dB", outcome.Output);
        Assert.Matches(@"Adam +-?\d+\.\d\d dB", outcome.Output);
        Assert.Matches(@"SGD \(LMS\) +-?\d+\.\d\d dB", outcome.Output);
        AssertPlot(Path.Combine(process.Directory, "plots", "n.svg"), lines: 5);
    }

    [Fact]
    public void The_schedules_are_listed_and_drawn()
    {
        using var process = new DemoProcess(["schedules", "--steps", "30", "--plot", "plots/s.svg"]);

        DemoOutcome outcome = process.Finish();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        Assert.Empty(outcome.ControlCharacters);
        Assert.Contains("CosineDecayRestarts", outcome.Output, StringComparison.Ordinal);
        AssertPlot(
            Path.Combine(process.Directory, "plots", "s.svg"),
            lines: ScheduleGallery.Of(30).Sum(room => room.Exhibits.Count));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void The_width_of_the_processors_vectors_changes_no_weight(string feature)
    {
        string[] arguments = ["--epochs", "1", "--backend", "managed"];
        string hash = DemoProcess.Run(arguments).Hash;
        using var process = new DemoProcess(arguments, (feature, "0"));

        DemoOutcome outcome = process.Finish();

        Assert.Equal(hash, outcome.Hash);
    }

    [Fact]
    public void A_plot_that_cannot_be_written_at_the_end_ends_with_code_1_and_a_message()
    {
        using var process = new DemoProcess(["--epochs", "30", "--plot", "gone/p.svg"]);
        process.WaitFor("epoch    1/30");
        Directory.Delete(Path.Combine(process.Directory, "gone"), recursive: true);

        DemoOutcome outcome = process.Finish();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("gone", outcome.Error, StringComparison.Ordinal);
        Assert.Matches("sha256", outcome.Output);
    }

    private static void AssertPlot(string path, int lines)
    {
        XElement svg = XDocument.Load(path).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.Equal(lines, svg.Descendants(svg.Name.Namespace + "path").Count());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [GeneratedRegex(@"test accuracy +(\d+\.\d\d) %")]
    private static partial Regex AccuracyPattern();
}
