using System.Globalization;
using NativeAdamax.Demo.Plotting;
using NativeAdamax.Demo.Terminals;
using Spectre.Console;

namespace NativeAdamax.Demo.Noise;

/// <summary>What a contest shows while it goes, and after it.</summary>
internal sealed class NoiseReport(ProgressView view)
{
    private const int WindowSamples = Recording.SampleRate / 2;

    private (Contender? Contender, bool Searching) _shown;

    public void Update(NoiseStatus status)
    {
        string doing = status.Searching ? "rehearses, to choose its step size" : "cancels the noise";
        if (_shown != (status.Contender, status.Searching))
            view.Milestone($"{status.Contender.Name} {doing}");
        _shown = (status.Contender, status.Searching);
        view.Update(status.Fraction, $"[bold]{status.Contender.Name,-9}[/]", $"[grey]{doing}[/]");
    }

    /// <summary>The lines after a contest.</summary>
    public static void Summarize(Terminal terminal, NoiseSettings settings, NoiseResult result, BackendInfo backend)
    {
        terminal.Fact("", "[grey]mean gain   lowest, highest recording   worst 4 s   step size[/]");
        double best = result.Scores.Max(score => score.Decibels);
        foreach (NoiseScore score in result.Scores)
        {
            string gain = Invariant($"{score.Decibels,6:F2} dB");
            double low = score.Attempts.Min(attempt => attempt.Decibels);
            double high = score.Attempts.Max(attempt => attempt.Decibels);
            terminal.Fact(
                score.Contender.Name,
                (score.Decibels == best ? $"[bold green]{gain}[/]" : gain) +
                Invariant($"   {low,14:F2}, {high,5:F2} dB   {score.WorstScene,9:F2} dB   {score.Step:G3}") +
                (score.AtEdge ? " (the edge of its choice)" : ""));
        }

        terminal.Output.WriteLine();
        terminal.Fact("gain", "signal-to-noise ratio after the filter over that before it");
        terminal.Fact("step sizes", Invariant(
            $"each the best of {Contender.StepCount} on a rehearsal of {Contest.RehearsalSeconds} s, ") +
            "which does not count");
        terminal.Fact("backend", Markup.Escape((backend with { LibraryFile = null }).Description));
        terminal.Fact("time", Invariant(
            $"{result.Total.TotalSeconds:F2} s for {settings.Recordings} recordings of {settings.Seconds} s, ") +
            "and the rehearsals");
        string hash = WeightsHash.Of(result.Scores.SelectMany(score => score.Attempts).Select(attempt => attempt.Taps));
        terminal.Fact("weights", $"sha256 [bold]{hash}[/]");
    }

    /// <summary>The gain over time, and how loud speech and noise were.</summary>
    public static SvgChart Plot(NoiseSettings settings, NoiseResult result)
    {
        Recording recording = result.Recordings[0];
        string[] colors = [Series.Blue, Series.Vermilion, Series.Green];
        IEnumerable<int> laterScenes = Enumerable.Range(1, (settings.Seconds - 1) / Recording.SceneSeconds);
        double[] sceneStarts = [.. laterScenes.Select(scene => (double)scene * Recording.SceneSeconds)];
        string scores = string.Join(", ", result.Scores.Select(
            score => Invariant($"{score.Contender.Name} {score.Attempts[0].Decibels:F1} dB")));
        return new SvgChart(
            "Noise cancelling by an adaptive filter of 256 taps",
            $"First of {settings.Recordings} recordings, seed {settings.Seed}: {scores} over all. " +
            "Dotted: new noise, path jumps",
            "seconds",
            [
                new PlotPanel("Signal-to-noise gain, dB, in windows of half a second",
                    [.. result.Scores.Select((score, i) => Line(score.Contender.Name, colors[i], (start, end) =>
                        Gain.Over(recording, score.Attempts[0].Estimate, start, end))).Reverse()])
                {
                    Marks = sceneStarts,
                },
                new PlotPanel("Level at the microphone, dB",
                    [
                        Line("noise", Series.Grey, (start, end) => Gain.Level(recording.Noise, start, end)),
                        Line("speech", Series.Purple, (start, end) => Gain.Level(recording.Speech, start, end)),
                    ])
                {
                    Weight = 0.6,
                    Marks = sceneStarts,
                },
            ]);

        Series Line(string name, string color, Func<int, int, double> value)
        {
            var points = new List<(double X, double Y)>();
            for (int start = 0, end; (end = start + WindowSamples) <= recording.Length; start = end)
                points.Add(((start + end) / (2.0 * Recording.SampleRate), value(start, end)));
            return new Series(name, color, points);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
