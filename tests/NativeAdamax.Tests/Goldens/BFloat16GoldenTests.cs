using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Precision;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>
/// Two systems that round to bfloat16 more than is stored in it. Along the same gradients this library is nearer to the
/// result that is exact but for what is stored.
/// </summary>
public sealed class BFloat16GoldenTests
{
    private const double Allowance = 1.1;
    private const int Ulps = 2;

    public static TheoryData<WeightKind, string> Cases
    {
        get
        {
            TheoryData<WeightKind, string> cases = [];
            foreach (WeightKind weights in new[] { WeightKind.BFloat16, WeightKind.Rest16, WeightKind.Rest8, WeightKind.None })
            {
                foreach (string precision in new[] { "none", "BFloat16", "EightBit" })
                    cases.Add(weights, precision);
            }

            return cases;
        }
    }

    /// <summary>optax's mu_dtype: the stored first moment is rounded; in JAX its beta1 and their product are so, too.</summary>
    [Theory]
    [MemberData(nameof(OptimizerCases.Backends), MemberType = typeof(OptimizerCases))]
    public void AStoredMomentInBFloat16IsAsNearToTheExactResultAsOptax(string backend)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load("optax/adam_mu_bfloat16");
        Assert.All(golden.Settings, s => Assert.True(s.RoundsFirstMoment && s.RoundsDecayedMoment));
        using GoldenRun run = new(golden, BackendSelection.Parse(backend));
        foreach ((GoldenCheckpoint checkpoint, ReferenceTensor[] exact) in
            ReferenceRun.Along(golden, s => s with { RoundsDecayedMoment = false }))
        {
            run.AdvanceTo(checkpoint.Step);
            string at = $"step {checkpoint.Step}";
            AssertNear($"{at}, weights", checkpoint.Parameters, [.. exact.Select(e => e.W)], k => run.Weights(k).ToArray());
            foreach ((StateStream stream, PackedTensor[] peer) in checkpoint.State)
            {
                AssertNear($"{at}, {stream}", peer, [.. exact.Select(e => ReferenceRun.State(e, stream))],
                    k => run.State(k, stream).ToArray());
            }
        }
    }

    /// <summary>
    /// PyTorch's Adamax over bfloat16 rounds every intermediate to it: whatever is kept beside the model's bfloat16, the
    /// weights here are nearer. Rounded at random alone, they are so when the errors of the others have added up.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void WeightsInBFloat16AreNearerToTheExactResultThanPyTorchs(WeightKind weights, string precision)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load("torch/adamax_bfloat16");
        Assert.True(golden.IsBFloat16);
        ReferenceTensor[] exact =
            [.. golden.Settings.Select((s, k) => ReferenceTensor.Create(s, Rounded(golden.Initial(k))))];
        Parameter[] parameters = [.. golden.Lengths.Select((_, k) => ReducedRun.Make(weights, golden.Initial(k)))];
        for (int k = 0; k < parameters.Length; k++)
            parameters[k].CopyWeightsFrom(Rounded(golden.Initial(k)));
        AdamaxOptions options = new()
        {
            Dialect = Dialect.PyTorch,
            LearningRate = golden.Settings[0].LearningRate,
            Precision = PrecisionCases.Precisions[precision],
        };
        using Adamax optimizer = new(parameters, options);
        int step = 0;
        foreach (GoldenCheckpoint checkpoint in golden.Checkpoints)
        {
            while (step < checkpoint.Step)
            {
                step++;
                for (int k = 0; k < parameters.Length; k++)
                {
                    float[] gradient = Rounded(golden.Gradient(k, step)!);
                    parameters[k].SetGradient(gradient.Select(g => (BFloat16)g).ToArray());
                    exact[k].Step(gradient);
                }

                optimizer.Step();
            }

            if (weights == WeightKind.None && step < 100)
                continue;
            (double ours, double model, double theirs) = Distances(golden, checkpoint, parameters, exact);
            Assert.True(ours < theirs, $"step {step}: {ours:g4} from the exact result, PyTorch {theirs:g4}");
            Assert.True(model < theirs, $"step {step}: the model is {model:g4} from the exact result, PyTorch {theirs:g4}");
        }

        foreach (Parameter parameter in parameters)
            parameter.Dispose();
    }

    private static void AssertNear(string what, PackedTensor[] peer, double[][] exact, Func<int, float[]> ours)
    {
        double theirs = 0;
        for (int k = 0; k < peer.Length; k++)
        {
            for (int i = 0; i < peer[k].Values.Length; i++)
                theirs = Math.Max(theirs, Math.Abs(peer[k].Values[i] - exact[k][peer[k].Indices[i]]));
        }

        for (int k = 0; k < peer.Length; k++)
        {
            float[] values = ours(k);
            for (int i = 0; i < values.Length; i++)
                Assert.Equal(exact[k][i], values[i], Allowance * theirs + Ulps * Bits.Ulp(exact[k][i]));
        }
    }

    /// <summary>Roots of the sums of squares over the elements that the file has.</summary>
    private static (double Ours, double Model, double Theirs) Distances(
        GoldenTrajectory golden, GoldenCheckpoint checkpoint, Parameter[] parameters, ReferenceTensor[] exact)
    {
        double ours = 0, model = 0, theirs = 0;
        for (int k = 0; k < parameters.Length; k++)
        {
            float[] weights = ReducedRun.WeightsOf(parameters[k]);
            PackedTensor peer = checkpoint.Parameters[k];
            for (int i = 0; i < peer.Values.Length; i++)
            {
                int at = peer.Indices[i];
                ours += Square(weights[at] - exact[k].W[at]);
                model += Square((float)parameters[k].BFloat16Weights[at] - exact[k].W[at]);
                theirs += Square(peer.Values[i] - exact[k].W[at]);
            }
        }

        Assert.True(golden.Lengths.Length == parameters.Length && theirs > 0);
        return (Math.Sqrt(ours), Math.Sqrt(model), Math.Sqrt(theirs));
    }

    private static double Square(double x) => x * x;

    private static float[] Rounded(float[] values) => [.. values.Select(x => (float)(BFloat16)x)];
}
