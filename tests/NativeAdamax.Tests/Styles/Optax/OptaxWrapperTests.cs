using System.Text.Json;
using NativeAdamax.Schedules.Optax;
using NativeAdamax.Styles.Optax;
using NativeAdamax.Tests.Goldens;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Styles.Optax;

public sealed class OptaxWrapperTests
{
    [Theory]
    [InlineData("adam")]
    [InlineData("amsgrad")]
    [InlineData("nadam")]
    [InlineData("nadamw")]
    [InlineData("adamw")]
    [InlineData("adamax")]
    [InlineData("adamaxw")]
    public void TheExamplesOfOptaxsDocumentationPrintTheSame(string name)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(GoldenTrajectory.Folder(), "optax", "doc_examples.json")));
        JsonElement example = document.RootElement.GetProperty("examples").EnumerateArray()
            .Single(e => e.GetProperty("optimizer").GetString() == name);
        double rate = example.GetProperty("learning_rate").GetDouble();
        GradientTransformation solver = name switch
        {
            "adam" => Adam(rate),
            "amsgrad" => AmsGrad(rate),
            "nadam" => Nadam(rate),
            "nadamw" => NadamW(rate),
            "adamw" => AdamW(rate),
            "adamax" => Adamax(rate),
            _ => AdamaxW(rate),
        };
        Tree x = example.GetProperty("x0").EnumerateArray().Select(e => e.GetSingle()).ToArray();
        TransformState state = solver.Init(x);
        List<string> printed = [];
        foreach (JsonElement step in example.GetProperty("steps").EnumerateArray())
        {
            (Tree updates, state) = solver.Update(x.Map(leaf => [.. leaf.Select(e => 2 * e)]), state, x);
            x = ApplyUpdates(x, updates);
            printed.Add(x[0]!.Sum(e => (double)e * e).ToString("0.00E+00", System.Globalization.CultureInfo.InvariantCulture));
            double[] theirs = PackedTensor.ParseBits(step.GetProperty("params").GetString()!, 8);
            double[] moves = PackedTensor.ParseBits(step.GetProperty("updates").GetString()!, 8);
            for (int i = 0; i < 3; i++)
            {
                // Their scalars are rounded to float32: an update is off by up to 1e-5 of itself.
                Assert.Equal(moves[i], updates[0]![i], 2e-5 * Math.Abs(moves[i]));
                Assert.Equal(theirs[i], x[0]![i], 5e-7);
            }
        }

        Assert.Equal(example.GetProperty("printed_in_optax_docs").EnumerateArray().Select(e => e.GetString()!), printed);
    }

    [Fact]
    public void MaskedLeavesRestUnlessTheyAreToPass()
    {
        Tree w = new([1f], [1f]), g = new([0.5f], [0.5f]);
        Mask first = Mask.Leaves(true, false);
        foreach ((MaskedOut outside, float expected) in new[] { (MaskedOut.Zero, 1f), (MaskedOut.PassThrough, 1.5f) })
        {
            GradientTransformation masked = Masked(Adam(0.25), first, outside);
            TransformState state = masked.Init(w);
            (Tree updates, state) = masked.Update(g, state, w);
            Tree moved = ApplyUpdates(w, updates);
            Assert.Equal(0.75, moved[0]![0], 1e-6);
            Assert.Equal(expected, moved[1]![0]);
            var inner = (ScaleByAdamState)((ChainState)((MaskedState)state).InnerState).States[0];
            Assert.Null(inner.Mu[1]);
            Assert.NotNull(inner.Mu[0]);
        }

        // Passing through is for the next link.
        Chain both = Chain(
            Masked(Adam(0.25), first, MaskedOut.PassThrough), Masked(Scale(-0.1), Mask.Leaves(false, true), MaskedOut.PassThrough));
        Assert.Equal(0.95, ApplyUpdates(w, both.Update(g, both.Init(w), w).Updates)[1]![0], 1e-6);
    }

    [Fact]
    public void LabelsPartTheLeaves()
    {
        GradientTransformation parted = Partition(
            new Dictionary<string, GradientTransformation>
            {
                ["slow"] = Adam(0.01),
                ["fast"] = AdamW(0.1, weightDecay: 0.5),
                ["frozen"] = SetToZero(),
            },
            name => name switch { "leaf1" => "frozen", "leaf3" => "fast", _ => "slow" });
        (Tree moved, TransformState state) = Trees.Train(parted, 7);
        (Tree slow, _) = Trees.Train(Adam(0.01), 7);
        (Tree fast, _) = Trees.Train(AdamW(0.1, weightDecay: 0.5), 7);
        Trees.AssertSameBits(
            Trees.Parameters.Like(k => k == 1 ? Trees.Parameters[k] : k == 3 ? fast[k] : slow[k]), moved, "parts");
        var inner = (ChainState)((PartitionState)state).InnerStates["fast"];
        Assert.Null(((ScaleByAdamState)inner.States[0]).Mu[0]);
        Assert.Equal(7, ((ScaleByAdamState)inner.States[0]).Count);
    }

    [Fact]
    public void MultiStepsKeepANaNToTheUpdateItBelongsTo()
    {
        MultiSteps multi = new(Adam(0.1), 3);
        Tree p = new[] { 1f, 1f };
        TransformState state = multi.Init(p);
        List<string> seen = [];
        for (int call = 1; call <= 6; call++)
        {
            float[] g = [call == 2 ? float.NaN : 0.5f, 0.5f];
            (Tree updates, state) = multi.Update(g, state, p);
            p = ApplyUpdates(p, updates);
            Assert.Equal(call % 3 == 0, MultiSteps.HasUpdated(state));
            seen.Add($"{p[0]![0]:0.0} {p[0]![1]:0.0}");
        }

        Assert.Equal(["1.0 1.0", "1.0 1.0", "NaN 0.9", "NaN 0.9", "NaN 0.9", "NaN 0.8"], seen);
        Assert.All(((MultiStepsState)state).AccGrads[0]!, acc => Assert.Equal(0, acc));
    }

    [Fact]
    public void SkippedCallsAreNotCounted()
    {
        MultiSteps multi = new(Scale(-1), 2) { ShouldSkip = MultiSteps.SkipNotFinite, UsesSum = true };
        TransformState state = multi.Init(new float[1]);
        List<float> changes = [];
        float[] calls = [1, float.NaN, 2, 3, float.PositiveInfinity, 4];
        foreach (float g in calls)
        {
            (Tree updates, state) = multi.Update(new[] { g }, state);
            changes.Add(updates[0]![0]);
        }

        Assert.Equal([0, 0, -3, 0, 0, -7], changes);
        Func<Tree, bool> large = MultiSteps.SkipLargeUpdates(25);
        Assert.False(large((float[])[3, 3.9f]));
        Assert.True(large((float[])[3, 4]));
        Assert.True(large((float[])[float.NaN]));
    }

    [Fact]
    public void ApplyIfFiniteGivesUpAfterSoManyInARow()
    {
        GradientTransformation guard = ApplyIfFinite(Scale(1), 2);
        TransformState state = guard.Init(new float[1]);
        List<string> seen = [];
        float[] calls = [float.NaN, float.NaN, float.NaN, float.NaN, 5, float.NaN];
        foreach (float g in calls)
        {
            (Tree updates, state) = guard.Update(new[] { g }, state);
            var now = (ApplyIfFiniteState)state;
            seen.Add($"{updates[0]![0]} {now.NotFiniteCount} {now.TotalNotFinite} {now.LastFinite}");
        }

        Assert.Equal(
            ["0 1 1 False", "0 2 2 False", "NaN 3 3 False", "NaN 4 4 False", "5 0 4 True", "0 1 5 False"], seen);
    }

    [Fact]
    public void InjectedNumbersAreReadAndChangedInTheState()
    {
        GradientTransformation solver = InjectHyperparams(
            h => AdamW(h["learning_rate"], b1: h["b1"], weightDecay: h["weight_decay"]),
            ("learning_rate", new LinearSchedule(0.4, 0, 4)), ("b1", 0.5), ("weight_decay", 0.0));
        Tree w = new[] { 1f };
        TransformState state = solver.Init(w);
        Assert.Equal(0.4, ((InjectHyperparamsState)state).Hyperparams["learning_rate"]);
        List<double> rates = [];
        for (int step = 0; step < 4; step++)
        {
            if (step == 2)
            {
                var before = (InjectHyperparamsState)state;
                state = before with { Hyperparams = before.Hyperparams.SetItem("weight_decay", 1).SetItem("learning_rate", 9) };
            }

            (Tree updates, state) = solver.Update(new float[1], state, w);
            var now = (InjectHyperparamsState)state;
            rates.Add(now.Hyperparams["learning_rate"]);
            Assert.Equal(step + 1, now.Count);
            Assert.Equal(step < 2 ? 0 : -rates[^1], updates[0]![0], 1e-7);
        }

        Assert.Equal([0.4, 0.3, 0.2, 0.1], rates.Select(r => Math.Round(r, 12)));
    }
}
