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
        double best = result.Scores.Max(score => score.Attempt.Decibels);
        foreach (NoiseScore score in result.Scores)
        {
            string gain = Invariant($"{score.Attempt.Decibels,6:F2} dB");
            if (score.Attempt.Decibels == best)
                gain = $"[bold green]{gain}[/]";
            terminal.Fact(score.Contender.Name, Invariant(
                $"{gain}   worst scene {score.WorstScene,6:F2} dB   step size {score.Step:G3}{(score.AtEdge ? " (at the edge of its choice)" : "")}"));
        }

        terminal.Output.WriteLine();
        terminal.Fact("step sizes", Invariant(
            $"each the best of {Contender.StepCount} on another recording of {Contest.RehearsalSeconds} s"));
        terminal.Fact("backend", Markup.Escape(backend.Description));
        terminal.Fact("time", Invariant($"{result.Total.TotalSeconds:F2} s for {settings.Seconds} s of sound and the rehearsals"));
        terminal.Fact("weights", "sha256 " + string.Join(", ", result.Scores.Select(
            score => $"{score.Contender.Name} [bold]{score.Attempt.TapsHash}[/]")));
    }

    /// <summary>The gain over time, and how loud speech and noise were.</summary>
    public static SvgChart Plot(NoiseSettings settings, NoiseResult result)
    {
        Recording recording = result.Recording;
        string[] colors = [Series.Blue, Series.Vermilion, Series.Green];
        double[] sceneStarts =
            [.. Enumerable.Range(1, (settings.Seconds - 1) / Recording.SceneSeconds).Select(i => (double)i * Recording.SceneSeconds)];
        string scores = string.Join(", ", result.Scores.Select(score => Invariant($"{score.Contender.Name} {score.Attempt.Decibels:F1} dB")));
        return new SvgChart(
            "Noise cancelling by an adaptive filter of 256 taps",
            $"Signal-to-noise gain over all: {scores}; dotted: another noise, level and path; seed {settings.Seed}", "seconds",
            [
                new PlotPanel("Signal-to-noise gain, dB, in windows of half a second",
                    [.. result.Scores.Select((score, i) => Line(score.Contender.Name, colors[i], (start, end) =>
                        Gain.Over(recording, score.Attempt.Estimate, start, end))).Reverse()])
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
            for (int start = 0; start + WindowSamples <= recording.Length; start += WindowSamples)
                points.Add(((start + (WindowSamples / 2.0)) / Recording.SampleRate, value(start, start + WindowSamples)));
            return new Series(name, color, points);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
