using System.Globalization;
using NativeAdamax.Demo;
using NativeAdamax.Demo.Digits;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Demo;

/// <summary>The digits with every precision, as in the table of docs/precision.md.</summary>
public sealed class PrecisionContestTests
{
    private const int Seeds = 3;

    private static readonly DigitsSettings Settings =
        new(new OptimizerSettings(OptimizerChoice.Adamax, Dialect.Keras, 0.001, Threads: 1, null), Epochs: 20, Batch: 32, Seed: 1)
        {
            Hidden = 128,
        };

    private static readonly Lazy<PrecisionResult> Contest =
        new(() => PrecisionContest.Run(Settings, Seeds, _ => { }, CancellationToken.None));

    public static TheoryData<string> Converging =>
        [.. PrecisionPlan.All.Select(plan => plan.Choice).Where(c => c != PrecisionChoice.Nearest).Select(c => $"{c}")];

    [Theory]
    [MemberData(nameof(Converging))]
    public void Every_precision_reaches_float32_within_half_a_point(string choice)
    {
        PrecisionScore score = Score(Enum.Parse<PrecisionChoice>(choice));

        Assert.False(Contest.Value.Stalls(score));
        Assert.InRange(Contest.Value.Difference(score), -0.005, 0.005);
        Assert.InRange(Contest.Value.Scores[0].Accuracy, 0.96, 1);
    }

    [Fact]
    public void Weights_that_are_rounded_to_nearest_stall()
    {
        PrecisionScore nearest = Score(PrecisionChoice.Nearest), random = Score(PrecisionChoice.Random);

        Assert.True(Contest.Value.Stalls(nearest));
        Assert.True(nearest.TrainingLoss > 3 * random.TrainingLoss, $"{nearest.TrainingLoss} and {random.TrainingLoss}");
    }

    [Fact]
    public void Every_precision_trains_other_weights_but_the_average_which_only_watches()
    {
        string[] hashes = [.. Contest.Value.Scores.Where(s => s.Plan.Choice != PrecisionChoice.Average).Select(Hash)];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(Hash(Score(PrecisionChoice.Float32)), Hash(Score(PrecisionChoice.Average)));

        static string Hash(PrecisionScore score) => score.Runs[0].WeightsHash;
    }

    /// <summary>The same bits on every machine: so the table can be checked.</summary>
    [Fact]
    public void The_table_of_the_document_is_this_contest()
    {
        string document = Repository.Read("docs/precision.md");

        foreach (PrecisionScore score in Contest.Value.Scores)
        {
            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"| `{score.Plan.Choice.ToString().ToLowerInvariant()}` | {score.Plan.TotalBytes:0.00} | " +
                $"{100 * score.Accuracy:0.00} | {100 * Contest.Value.Difference(score):+0.00;-0.00;0.00} | " +
                $"{score.TrainingLoss:0.0000} |");
            Assert.Contains(row, document, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(PrecisionChoice.Rest16))]
    [InlineData(nameof(PrecisionChoice.Half))]
    [InlineData(nameof(PrecisionChoice.Random))]
    [InlineData(nameof(PrecisionChoice.Average))]
    [InlineData(nameof(PrecisionChoice.FourBit))]
    [InlineData(nameof(PrecisionChoice.Dynamic))]
    [InlineData(nameof(PrecisionChoice.Small))]
    public void Every_backend_trains_the_same_weights(string choice)
    {
        DigitsSettings settings = Settings with
        {
            Epochs = 1,
            Hidden = 40,
            Precision = PrecisionPlan.Of(Enum.Parse<PrecisionChoice>(choice)),
        };
        DigitsResult[] results = [.. Backend.Available.Select(backend =>
        {
            using var trainer = new Trainer(settings with { Optimizer = settings.Optimizer with { Backend = backend } });
            return trainer.Run(_ => { }, CancellationToken.None);
        })];

        Assert.Single(results.Select(result => result.WeightsHash).Distinct());
        Assert.Single(results.Select(result => result.Epochs[0]).Distinct());
    }

    [Fact]
    public void Bytes_are_those_of_what_is_kept()
    {
        Assert.Equal(16, Score(PrecisionChoice.Float32).Plan.TotalBytes);
        Assert.Equal(7 + 2 * 4.0 / 256, Score(PrecisionChoice.Small).Plan.TotalBytes);
        Assert.Equal(
            "7.03 bytes a parameter: weight 3, gradient 2, moments 2.03", Score(PrecisionChoice.Small).Plan.Bill);
        Assert.Equal(18, Score(PrecisionChoice.Average).Plan.TotalBytes);
        Assert.Equal(12, Score(PrecisionChoice.Nearest).Plan.TotalBytes);
    }

    [Fact]
    public void A_report_follows_every_epoch_and_a_cancelled_contest_ends()
    {
        using var source = new CancellationTokenSource();
        List<double> fractions = [];
        DigitsSettings settings = Settings with { Epochs = 2, Hidden = 8 };

        PrecisionContest.Run(settings, 1, status => fractions.Add(status.Fraction), CancellationToken.None);
        Assert.Equal(2 * PrecisionPlan.All.Count, fractions.Count);
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);

        Assert.ThrowsAny<OperationCanceledException>(
            () => PrecisionContest.Run(settings, 1, _ => source.Cancel(), source.Token));
    }

    private static PrecisionScore Score(PrecisionChoice choice) =>
        Contest.Value.Scores.Single(score => score.Plan.Choice == choice);
}
