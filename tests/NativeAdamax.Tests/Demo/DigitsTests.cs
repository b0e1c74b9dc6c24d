using NativeAdamax.Demo;
using NativeAdamax.Demo.Digits;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Tests.Demo;

public class DigitsTests
{
    private static readonly Lazy<DigitsResult> Managed = new(
        () => Train(Settings(OptimizerChoice.Adamax, new BackendSelection(BackendKind.Managed), threads: 1)));

    public static TheoryData<string, int> BackendsAndThreads()
    {
        var data = new TheoryData<string, int>();
        foreach (BackendSelection backend in Backend.Available)
        {
            data.Add(backend.ToString(), 1);
            data.Add(backend.ToString(), 2);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BackendsAndThreads))]
    public void Every_backend_instruction_set_and_thread_count_trains_the_same_weights(string backend, int threads)
    {
        DigitsResult result = Train(Settings(OptimizerChoice.Adamax, BackendSelection.Parse(backend), threads));

        Assert.Equal(Managed.Value.WeightsHash, result.WeightsHash);
        Assert.Equal(Managed.Value.Epochs, result.Epochs);
    }

    [Theory]
    [InlineData(nameof(OptimizerChoice.Adam))]
    [InlineData(nameof(OptimizerChoice.AdamW))]
    [InlineData(nameof(OptimizerChoice.AmsGrad))]
    [InlineData(nameof(OptimizerChoice.Nadam))]
    public void Every_other_optimizer_trains_other_weights_and_learns(string optimizer)
    {
        DigitsResult result = Train(Settings(Enum.Parse<OptimizerChoice>(optimizer), null, threads: 0));

        Assert.NotEqual(Managed.Value.WeightsHash, result.WeightsHash);
        Assert.InRange(result.Epochs[^1].HeldOutAccuracy, 0.8, 1);
    }

    [Fact]
    public void Another_seed_trains_other_weights()
    {
        DigitsSettings settings = Settings(OptimizerChoice.Adamax, null, threads: 1);

        DigitsResult result = Train(settings with { Seed = settings.Seed + 1 });

        Assert.NotEqual(Managed.Value.WeightsHash, result.WeightsHash);
    }

    [Fact]
    public void A_report_follows_every_step_and_the_time_in_steps_is_a_part_of_the_whole()
    {
        using var trainer = new Trainer(Settings(OptimizerChoice.Adamax, null, threads: 1));
        var fractions = new List<double>();

        DigitsResult result = trainer.Run(status => fractions.Add(status.Fraction), CancellationToken.None);

        Assert.Equal(result.Steps, fractions.Count);
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
        Assert.InRange(result.InSteps, TimeSpan.FromTicks(1), result.Total);
    }

    [Fact]
    public void A_cancelled_run_ends_after_the_step_it_was_in()
    {
        using var trainer = new Trainer(Settings(OptimizerChoice.Adamax, null, threads: 1));
        using var source = new CancellationTokenSource();
        int reports = 0;

        Assert.Throws<OperationCanceledException>(() => trainer.Run(
            _ =>
            {
                reports++;
                source.Cancel();
            },
            source.Token));

        Assert.Equal(1, reports);
    }

    [Fact]
    public void A_quarter_of_every_digit_is_held_out_and_no_image_is_in_both_parts()
    {
        ImageSet all = DigitsData.Load();

        (ImageSet training, ImageSet heldOut) = DigitsData.Split(all, new Xoshiro256(1));

        Assert.Equal(1797, all.Count);
        Assert.Equal(all.Count, training.Count + heldOut.Count);
        for (int digit = 0; digit < ImageSet.ClassCount; digit++)
        {
            double share = (double)Count(heldOut, digit) / Count(all, digit);
            Assert.InRange(share, 0.247, 0.253);
        }

        Assert.Equal(
            Keys(all).Order(StringComparer.Ordinal),
            Keys(training).Concat(Keys(heldOut)).Order(StringComparer.Ordinal));
        Assert.Empty(Keys(training).Intersect(Keys(heldOut)));
    }

    [Theory]
    [InlineData("1,2,3", "has 3 numbers and not 65")]
    [InlineData("17,", "has '17' where 0 to 16 belongs")]
    [InlineData("-1,", "has '-1' where 0 to 16 belongs")]
    [InlineData("x,", "has 'x' where 0 to 16 belongs")]
    public void A_malformed_line_is_refused_with_its_number(string start, string message)
    {
        string whole = string.Join(',', Enumerable.Repeat("0", 65));
        string line = start.EndsWith(',') ? start + string.Join(',', Enumerable.Repeat("0", 64)) : start;

        var error = Assert.Throws<InvalidDataException>(() => DigitsData.Parse(new StringReader($"{whole}\n{line}\n")));

        Assert.Equal($"Line 2 of the digits {message}.", error.Message);
    }

    [Fact]
    public void The_hash_takes_every_NaN_for_one_and_sees_a_single_bit()
    {
        float other = BitConverter.Int32BitsToSingle(unchecked((int)0xffc12345));

        Assert.Equal(WeightsHash.Of([[1, float.NaN]]), WeightsHash.Of([[1, other]]));
        Assert.NotEqual(WeightsHash.Of([[1, 2]]), WeightsHash.Of([[1, MathF.BitIncrement(2)]]));
        Assert.NotEqual(WeightsHash.Of([[0f]]), WeightsHash.Of([[-0f]]));
        float[] longer = [.. Enumerable.Range(0, 3000)];
        Assert.Equal(WeightsHash.Of([longer]), WeightsHash.Of([longer[..1500], longer[1500..]]));
    }

    private static DigitsSettings Settings(OptimizerChoice optimizer, BackendSelection? backend, int threads) =>
        new(
            new OptimizerSettings(optimizer, Dialect.Keras, LearningRate: 0.001, threads, backend),
            Epochs: 1, Batch: 64, Seed: 3);

    private static DigitsResult Train(DigitsSettings settings)
    {
        using var trainer = new Trainer(settings);
        return trainer.Run(_ => { }, CancellationToken.None);
    }

    private static int Count(ImageSet set, int digit) => set.Labels.ToArray().Count(label => label == digit);

    private static IEnumerable<string> Keys(ImageSet set) =>
        Enumerable.Range(0, set.Count).Select(i => $"{set.Labels[i]}:{string.Join(',', set.Image(i).ToArray())}");
}
