using NativeAdamax.Demo.Noise;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Tests.Demo;

public class NoiseTests
{
    private static readonly Recording Short = Recording.Generate(8, new Xoshiro256(2));

    [Fact]
    public void What_no_filter_touched_has_no_gain_and_the_bare_speech_a_large_one()
    {
        float[] speech = Array.ConvertAll(Short.Speech, s => (float)s);

        Assert.Equal(0, Gain.Over(Short, Short.Microphone, 0, Short.Length), 1e-4);
        Assert.InRange(Gain.Over(Short, speech, 0, Short.Length), 100, 1000);
        Assert.Equal(double.NegativeInfinity, Gain.Over(Short, [.. speech.Select(_ => float.NaN)], 0, Short.Length));
    }

    [Fact]
    public void The_noise_is_the_reference_through_a_path_that_a_filter_can_follow()
    {
        Assert.All(Contender.All, contender =>
        {
            Attempt attempt = contender.Clean(Short, contender.Step(3), null, _ => { }, CancellationToken.None);
            Assert.InRange(attempt.Decibels, 3, 40);
            Assert.InRange(attempt.WorstScene, -10, attempt.Decibels);
            Assert.Contains(attempt.Taps, w => w != 0);
        });
    }

    [Fact]
    public void Speech_has_pauses_and_a_mean_power_of_one()
    {
        double[] speech = SpeechSource.Generate(80_000, Recording.SampleRate, new Xoshiro256(4));
        double[] windows = [.. speech.Chunk(800).Select(chunk => chunk.Sum(s => s * s) / chunk.Length)];

        Assert.Equal(1, speech.Sum(s => s * s) / speech.Length, 1e-9);
        Assert.InRange(windows.Count(power => power < 1e-6), 5, 50);
    }

    [Fact]
    public void Every_backend_cancels_with_the_same_taps()
    {
        Contender adamax = Contender.All[0];
        var second = Recording.Generate(1, new Xoshiro256(3));
        float[] expected = Taps(new BackendSelection(BackendKind.Managed));

        Assert.All(Backend.Available, backend => Assert.Equal(expected, Taps(backend)));

        float[] Taps(BackendSelection backend) =>
            adamax.Clean(second, adamax.Step(3), backend, _ => { }, CancellationToken.None).Taps;
    }

    [Fact]
    public void A_contest_follows_its_seed_and_counts_every_recording()
    {
        var settings = new NoiseSettings(Seed: 5, Recordings: 2, Seconds: 4, Backend: null);
        double last = 0;

        NoiseResult first = Contest.Run(settings, status => last = status.Fraction, CancellationToken.None);
        NoiseResult second = Contest.Run(settings, _ => { }, CancellationToken.None);

        Assert.Equal(1, last, 1e-12);
        Assert.Equal(Contender.All, first.Scores.Select(score => score.Contender));
        Assert.All(first.Scores, score => Assert.Equal(2, score.Attempts.Count));
        Assert.Equal(first.Scores.Select(score => score.Decibels), second.Scores.Select(score => score.Decibels));
        Assert.NotEqual(first.Recordings[0].Speech, first.Recordings[1].Speech);
    }

    [Fact]
    public void A_cancelled_contest_ends()
    {
        var settings = new NoiseSettings(Seed: 5, Recordings: 1, Seconds: 4, Backend: null);
        using var source = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Contest.Run(settings, _ => source.Cancel(), source.Token));
    }
}
