using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>
/// The library along the trajectories of five systems: at every checkpoint each of our float32 values lies at most 1.1
/// times as far from the exact result as that system's own float32 run does at its worst, plus 2 ulp.
/// </summary>
public sealed class GoldenRunTests
{
    private const double Allowance = 1.1;
    private const int Ulps = 2;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string name in GoldenTrajectory.Names().Where(IsYardstick))
            {
                foreach (BackendSelection backend in Backend.Available)
                    cases.Add(name, backend.ToString());
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryCheckpointIsAsNearToTheExactResultAsTheSystemItself(string name, string backend)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        using GoldenRun run = new(golden, BackendSelection.Parse(backend));
        AssertNearAlong($"{name} on {backend}", golden, run);
    }

    [Theory]
    [InlineData("mxnet/adamax_mults")]
    [InlineData("keras/adamax_exclude_var_list")]
    [InlineData("keras/adamax_combo")]
    public void FactorsAndTheMaskOfParametersDoWhatGroupsDo(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        Assert.True(golden.Settings.Distinct().Count() > 1, "all tensors have the same settings");
        using GoldenRun run = new(golden, new BackendSelection(BackendKind.Managed), factors: true);
        AssertNearAlong(name, golden, run);
    }

    [Theory]
    [InlineData("torch/adam_clip_norm")]
    [InlineData("torch/adamax_clip_norm")]
    public void TheReportedNormIsWhatPyTorchReturns(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        using GoldenRun run = new(golden, new BackendSelection(BackendKind.Managed));
        for (int step = 1; step <= golden.TotalNorms!.Length; step++)
        {
            run.AdvanceTo(step);
            double norm = golden.TotalNorms[step - 1];
            Assert.Equal(norm, run.Report.GradientNorm!.Value, 3e-7 * norm);
            Assert.Equal(Math.Min(1, 4 / (norm + 1e-6)), run.Report.ClipCoefficient, 3e-7);
        }
    }

    [Fact]
    public void WithAccumulationKerassScheduleSeesEveryCall()
    {
        GoldenTrajectory golden = GoldenTrajectory.Load("keras/adamax_combo");
        using GoldenRun run = new(golden, new BackendSelection(BackendKind.Managed));
        Assert.Equal(100, golden.SingleRates!.Length);
        for (int step = 1; step <= 100; step++)
        {
            run.AdvanceTo(step);
            double rate = golden.SingleRates[step - 1];
            Assert.Equal(rate, run.Report.LearningRate, 1e-6 * rate + 1e-9);
            Assert.Equal(step % 4 == 0, run.Report.IsUpdate);
            Assert.Equal(step / 4, run.Report.Step);
        }
    }

    [Theory]
    [InlineData("keras/adamax_ema", true)]
    [InlineData("keras/adamax_ema", false)]
    [InlineData("keras/adamax_ema_overwrite5", false)]
    [InlineData("keras/adamax_ema_accum4", false)]
    [InlineData("keras/adamax_combo", false)]
    public void TheAveragesAreWhatKerasLeavesAfterTraining(string name, bool swaps)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        GoldenCheckpoint last = golden.Checkpoints[^1];
        using GoldenRun run = new(golden, new BackendSelection(BackendKind.Managed));
        run.AdvanceTo(last.Step);
        using WeightEma.SwapScope? swap = swaps ? run.SwapAverages() : null;
        if (!swaps)
            run.FinalizeWeights();
        for (int k = 0; k < golden.Lengths.Length; k++)
        {
            PackedTensor final = golden.Finalized![k];
            for (int i = 0; i < final.Values.Length; i++)
            {
                // Both are rounded: Keras's distance from the exact average, and ours.
                double bound = 2 * Allowance * last.StateDeviation[StateStream.Average].MaxAbsolute
                    + Ulps * Bits.Ulp(final.Values[i]);
                Assert.Equal(final.Values[i], run.Weights(k)[final.Indices[i]], bound);
            }
        }
    }

    /// <summary>Runs in float32 throughout; <see cref="BFloat16GoldenTests"/> has those that round more.</summary>
    private static bool IsYardstick(string name) =>
        GoldenTrajectory.Load(name) is { IsDouble: false, IsBFloat16: false } golden
        && !golden.Settings.Any(s => s.RoundsFirstMoment);

    private static void AssertNearAlong(string what, GoldenTrajectory golden, GoldenRun run)
    {
        foreach ((GoldenCheckpoint checkpoint, ReferenceTensor[] exact) in ReferenceRun.Along(golden))
        {
            run.AdvanceTo(checkpoint.Step);
            for (int k = 0; k < exact.Length; k++)
            {
                string at = $"{what}, step {checkpoint.Step}, {golden.TensorNames[k]}";
                AssertNear(at, exact[k].W, run.Weights(k), checkpoint.ParameterDeviation!.Value);
                foreach ((StateStream stream, Deviation deviation) in checkpoint.StateDeviation)
                    AssertNear($"{at} {stream}", ReferenceRun.State(exact[k], stream), run.State(k, stream), deviation);
            }
        }
    }

    private static void AssertNear(string what, double[] exact, ReadOnlySpan<float> ours, Deviation deviation)
    {
        Assert.Equal(exact.Length, ours.Length);
        for (int i = 0; i < exact.Length; i++)
        {
            double distance = Math.Abs(ours[i] - exact[i]);
            double bound = Allowance * deviation.MaxAbsolute + Ulps * Bits.Ulp(exact[i]);
            if (!(distance <= bound))
                Assert.Fail($"{what}[{i}]: {ours[i]:R} is {distance:g4} from {exact[i]:R}; the bound is {bound:g4}");
        }
    }
}
