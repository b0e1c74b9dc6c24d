using System.Text.Json;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>What Keras's LossScaleOptimizer said after one call.</summary>
internal sealed record LossScaleTrace(
    int Step, double ScaleBefore, double ScaledLoss, double ScaleAfter, long FiniteSteps, long InnerIterations);

internal sealed record LossScaleCheckpoint(
    int Step, PackedTensor[] Parameters, PackedTensor[] M, PackedTensor[] U, PackedTensor[]? Sums);

/// <summary>One file of tests/goldens in the schema golden-lossscale/1: Adamax inside Keras's LossScaleOptimizer.</summary>
internal sealed class GoldenLossScale
{
    private readonly LcgGenerator _generator;
    private readonly Dictionary<(int Step, int Tensor), (int Index, float Value)> _overwritten;

    private GoldenLossScale(JsonElement root)
    {
        if (root.GetProperty("schema").GetString() != "golden-lossscale/1")
            throw new FormatException("not a golden-lossscale/1");
        Names = [.. root.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
        Lengths = [.. root.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("n").GetInt32())];
        JsonElement g = root.GetProperty("generator");
        _generator = new(
            g.GetProperty("seed").GetUInt32(), g.GetProperty("init_exp").GetInt32(),
            [.. g.GetProperty("grad_exp_cycle").EnumerateArray().Select(e => e.GetInt32())],
            g.GetProperty("zero_below").GetUInt32());
        JsonElement config = root.GetProperty("config"), inner = config.GetProperty("inner").GetProperty("config");
        Initial = config.GetProperty("initial_scale").GetDouble();
        GrowthInterval = config.GetProperty("dynamic_growth_steps").GetInt32();
        Settings = new ReferenceSettings
        {
            Peer = Peer.Keras,
            Algorithm = Algorithm.Adamax,
            LearningRate = inner.GetProperty("learning_rate").GetDouble(),
            Epsilon = inner.GetProperty("epsilon").GetDouble(),
            AccumulationSteps = inner.GetProperty("gradient_accumulation_steps") is { ValueKind: JsonValueKind.Number } n
                ? n.GetInt32() : 1,
        };
        _overwritten = root.GetProperty("overwritten_gradient_elements").EnumerateArray().ToDictionary(
            e => (e.GetProperty("step").GetInt32(), Array.IndexOf(Names, e.GetProperty("tensor").GetString())),
            e => (e.GetProperty("index").GetInt32(), Number(e.GetProperty("value").GetString()!)));
        Trace = [.. root.GetProperty("trace").EnumerateArray().Select(t => new LossScaleTrace(
            t.GetProperty("step").GetInt32(), t.GetProperty("scale_before").GetDouble(),
            t.GetProperty("scaled_loss_of_0.75").GetDouble(), t.GetProperty("scale_after").GetDouble(),
            t.GetProperty("step_counter_after").GetInt64(), t.GetProperty("inner_iterations_after").GetInt64()))];
        Checkpoints = [.. root.GetProperty("checkpoints").EnumerateArray().Select(c => new LossScaleCheckpoint(
            c.GetProperty("step").GetInt32(), Pack(c.GetProperty("params")), Pack(c.GetProperty("state").GetProperty("m")),
            Pack(c.GetProperty("state").GetProperty("u")),
            c.GetProperty("state").TryGetProperty("accumulator", out JsonElement sums) ? Pack(sums) : null))];
    }

    public string[] Names { get; }

    public int[] Lengths { get; }

    public double Initial { get; }

    public int GrowthInterval { get; }

    public ReferenceSettings Settings { get; }

    public LossScaleTrace[] Trace { get; }

    public LossScaleCheckpoint[] Checkpoints { get; }

    public static GoldenLossScale Load(string name)
    {
        string file = Path.Combine(GoldenTrajectory.Folder(), name + ".json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return new(document.RootElement);
    }

    public float[] InitialOf(int tensor) => _generator.Initial(tensor, Lengths[tensor]);

    /// <summary>The first element that is not finite at a step: its tensor and index.</summary>
    public (int Tensor, int Index)? NonFiniteAt(int step) =>
        _overwritten.Where(o => o.Key.Step == step).Select(o => ((int, int)?)(o.Key.Tensor, o.Value.Index)).Min();

    /// <summary>The gradient at a step, times the scale, with what was written over it.</summary>
    public float[] Gradient(int tensor, int step, double scale)
    {
        float[] gradient = [.. _generator.Gradient(tensor, step, Lengths[tensor]).Select(g => g * (float)scale)];
        if (_overwritten.TryGetValue((step, tensor), out (int Index, float Value) entry))
            gradient[entry.Index] = entry.Value;
        return gradient;
    }

    private static float Number(string text) => text switch
    {
        "inf" => float.PositiveInfinity,
        "-inf" => float.NegativeInfinity,
        "nan" => float.NaN,
        _ => throw new FormatException($"unknown number {text}"),
    };

    private static PackedTensor[] Pack(JsonElement tensors) =>
        [.. tensors.EnumerateArray().Select(t => PackedTensor.Parse(t, 8, []))];
}
