using System.Text.Json;
using NativeAdamax.Tests.Goldens;

namespace NativeAdamax.Tests.Reference;

/// <summary>
/// Three float64 steps of the five systems, printed with 15 digits by their own code (the rows of MXNet's fused step
/// and of PyTorch 2's NAdam by a transcription). Parameters 1, -2, 0.5 and learning rate 0.01.
/// </summary>
public sealed class ThreeStepTests
{
    private static readonly double[][] Gradients = [[0.1, -0.2, 0.3], [-0.05, 0.4, 0], [0.02, -0.01, 1e-9]];

    private static readonly Dictionary<string, ReferenceSettings> Rows = new()
    {
        ["keras.Adam"] = Keras(Algorithm.Adam),
        ["keras.Adam amsgrad"] = Keras(Algorithm.Adam) with { AmsGrad = true },
        ["keras.AdamW wd=.1"] = Keras(Algorithm.AdamW) with { WeightDecay = 0.1 },
        ["keras.Adamax"] = Keras(Algorithm.Adamax),
        ["keras.Adamax wd=.1 clipnorm=.25"] = Keras(Algorithm.Adamax) with { WeightDecay = 0.1, ClipNorm = 0.25 },
        ["keras.Nadam"] = Keras(Algorithm.Nadam),
        ["tf_keras.Adam adaptive eps=1e-3"] =
            Keras(Algorithm.Adam) with { Peer = Peer.TfKeras, Epsilon = 1e-3, AdaptiveEpsilon = true },
        ["tf_keras.Adam eps=1e-3"] = Keras(Algorithm.Adam) with { Peer = Peer.TfKeras, Epsilon = 1e-3 },
        ["torch.NAdam"] = Torch(Algorithm.Nadam),
        ["torch.Adam"] = Torch(Algorithm.Adam),
        ["torch.Adam amsgrad"] = Torch(Algorithm.Adam) with { AmsGrad = true },
        ["torch.Adam wd=.1"] = Torch(Algorithm.Adam) with { WeightDecay = 0.1 },
        ["torch.AdamW wd=.1"] = Torch(Algorithm.AdamW) with { WeightDecay = 0.1 },
        ["torch.Adamax"] = Torch(Algorithm.Adamax),
        ["optax.adam"] = Optax(Algorithm.Adam),
        ["optax.adam eps_root=1e-3"] = Optax(Algorithm.Adam) with { EpsilonRoot = 1e-3 },
        ["optax.nadam"] = Optax(Algorithm.Nadam),
        ["optax.amsgrad"] = Optax(Algorithm.Adam) with { AmsGrad = true },
        ["optax.adamw wd=.1"] = Optax(Algorithm.AdamW) with { WeightDecay = 0.1 },
        ["optax.adamax"] = Optax(Algorithm.Adamax),
        ["mxnet.Adamax wd=.1 rescale=.5 clip=.12"] =
            MXNet(Algorithm.Adamax) with { WeightDecay = 0.1, GradientScale = 0.5, ClipValue = 0.12 },
        ["mxnet.Adam"] = MXNet(Algorithm.Adam),
        ["mxnet.Nadam"] = MXNet(Algorithm.Nadam),
        ["mxnet.AdamW wd=.1"] = MXNet(Algorithm.AdamW) with { Epsilon = 1e-6, WeightDecay = 0.1 },
        ["mxnet.AdamW wd=.1 fused"] =
            MXNet(Algorithm.AdamW) with { Epsilon = 1e-6, WeightDecay = 0.1, FusedStep = true },
    };

    private static readonly Dictionary<string, double[][]> Printed =
        JsonSerializer.Deserialize<Dictionary<string, double[][]>>(
            File.ReadAllBytes(Path.Combine(GoldenTrajectory.Folder(), "three_steps.json")))!;

    public static TheoryData<string> Names => [.. Printed.Keys];

    [Fact]
    public void EveryPrintedRowHasItsSettings() => Assert.Equal(Printed.Keys.Order(), Rows.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void TheReferenceReproducesTheSystemsFloat64Steps(string row)
    {
        ReferenceTensor tensor = ReferenceTensor.Create(Rows[row], [1.0, -2.0, 0.5]);
        for (int t = 0; t < Gradients.Length; t++)
        {
            tensor.Step(Gradients[t]);
            double[] expected = Printed[row][t];
            for (int i = 0; i < expected.Length; i++)
            {
                // 1e-14 for the arithmetic; the sixteenth digit was cut by the printing.
                double tolerance = 1e-14 * Math.Abs(expected[i]);
                Assert.True(Math.Abs(tensor.W[i] - expected[i]) <= tolerance,
                    $"{row}, step {t + 1}, element {i}: {tensor.W[i]:R} instead of {expected[i]:R}");
            }
        }
    }

    [Fact]
    public void AStepWithAnotherNumberOfGradientsThanWeightsIsRefused()
    {
        ReferenceTensor tensor = ReferenceTensor.Create(Rows["keras.Adam"], [1.0, -2.0, 0.5]);
        Assert.Throws<ArgumentException>(() => tensor.Step([1.0, 2.0]));
    }

    private static ReferenceSettings Keras(Algorithm algorithm) => new()
    {
        Peer = Peer.Keras,
        Algorithm = algorithm,
        LearningRate = 0.01,
        Epsilon = 1e-7,
    };

    private static ReferenceSettings Torch(Algorithm algorithm) =>
        Keras(algorithm) with { Peer = Peer.Torch, Epsilon = 1e-8 };

    private static ReferenceSettings Optax(Algorithm algorithm) =>
        Keras(algorithm) with { Peer = Peer.Optax, Epsilon = 1e-8 };

    private static ReferenceSettings MXNet(Algorithm algorithm) =>
        Keras(algorithm) with { Peer = Peer.MXNet, Epsilon = 1e-8 };
}
