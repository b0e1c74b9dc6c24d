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
            foreach (string name in GoldenTrajectory.Names().Where(n => !GoldenTrajectory.Load(n).IsDouble))
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
        foreach ((GoldenCheckpoint checkpoint, ReferenceTensor[] exact) in ReferenceRun.Along(golden))
        {
            run.AdvanceTo(checkpoint.Step);
            for (int k = 0; k < exact.Length; k++)
            {
                AssertNear($"{name} on {backend}, step {checkpoint.Step}, {golden.TensorNames[k]}", exact[k].W,
                    run.Weights(k), checkpoint.ParameterDeviation!.Value);
                foreach ((StateStream stream, Deviation deviation) in checkpoint.StateDeviation)
                    AssertNear($"{name} on {backend}, step {checkpoint.Step}, {golden.TensorNames[k]} {stream}",
                        ReferenceRun.State(exact[k], stream), run.State(k, stream), deviation);
            }
        }
    }

    [Fact]
    public void SwappedInTheAveragesAreWhatKerasLeavesAfterTraining()
    {
        GoldenTrajectory golden = GoldenTrajectory.Load("keras/adamax_ema");
        GoldenCheckpoint last = golden.Checkpoints[^1];
        using GoldenRun run = new(golden, new BackendSelection(BackendKind.Managed));
        run.AdvanceTo(last.Step);
        using WeightEma.SwapScope swap = run.SwapAverages();
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
