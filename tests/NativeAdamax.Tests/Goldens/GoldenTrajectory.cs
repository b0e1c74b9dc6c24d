using System.Text.Json;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>How far a system's float32 run lies from its own float64 run.</summary>
internal readonly record struct Deviation(double MaxAbsolute, double MaxRelative);

internal sealed record GoldenCheckpoint(
    int Step,
    PackedTensor[] Parameters,
    IReadOnlyDictionary<StateStream, PackedTensor[]> State,
    Deviation? ParameterDeviation,
    IReadOnlyDictionary<StateStream, Deviation> StateDeviation);

/// <summary>The streams of optimizer state, whatever a system calls them.</summary>
internal enum StateStream
{
    FirstMoment,
    SecondMoment,
    Maximum,
    Average,
    Sum,
}

/// <summary>One file of tests/goldens in the schema golden-trajectory/1.</summary>
internal sealed class GoldenTrajectory
{
    private static readonly Dictionary<string, StateStream> Streams = new()
    {
        ["m"] = StateStream.FirstMoment,
        ["mu"] = StateStream.FirstMoment,
        ["exp_avg"] = StateStream.FirstMoment,
        ["v"] = StateStream.SecondMoment,
        ["u"] = StateStream.SecondMoment,
        ["nu"] = StateStream.SecondMoment,
        ["exp_avg_sq"] = StateStream.SecondMoment,
        ["exp_inf"] = StateStream.SecondMoment,
        ["v_hat"] = StateStream.Maximum,
        ["nu_max"] = StateStream.Maximum,
        ["max_exp_avg_sq"] = StateStream.Maximum,
        ["ema"] = StateStream.Average,
        ["accumulator"] = StateStream.Sum,
    };

    private readonly string _type;

    private GoldenTrajectory(string name, JsonElement root)
    {
        if (root.GetProperty("schema").GetString() != "golden-trajectory/1")
            throw new FormatException($"{name} is not a golden-trajectory/1");
        Name = name;
        _type = root.GetProperty("dtype").GetString()!;
        TensorNames = [.. root.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
        Lengths = [.. root.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("n").GetInt32())];
        Settings = GoldenSettings.Parse(root, TensorNames);
        Schedule = GoldenSchedule.Parse(name, root);

        JsonElement generator = root.GetProperty("generator");
        if (generator.GetProperty("kind").GetString() != "lcg-v1")
            throw new FormatException($"{name} has an unknown generator");
        Generator = new(
            generator.GetProperty("seed").GetUInt32(),
            generator.GetProperty("init_exp").GetInt32(),
            [.. generator.GetProperty("grad_exp_cycle").EnumerateArray().Select(e => e.GetInt32())],
            generator.GetProperty("zero_below").GetUInt32());
        GeneratorCheck = generator.GetProperty("check").Clone();

        int[] sampleIndices = [.. root.GetProperty("sample_indices").EnumerateArray().Select(i => i.GetInt32())];
        Checkpoints =
            [.. root.GetProperty("checkpoints").EnumerateArray().Select(c => ParseCheckpoint(c, sampleIndices))];
        if (root.TryGetProperty("none_grads", out JsonElement missing))
        {
            Missing = missing.EnumerateArray()
                .Select(x => (x.GetProperty("step").GetInt32(), Tensor(x.GetProperty("tensor")))).ToHashSet();
        }

        if (root.TryGetProperty("set_learning_rate_before_step", out JsonElement changes))
        {
            LearningRateBefore = changes.EnumerateArray()
                .ToDictionary(x => x.GetProperty("step").GetInt32(), x => x.GetProperty("lr").GetDouble());
        }

        if (root.TryGetProperty("after_finalize", out JsonElement final))
            Finalized = Pack(final.GetProperty("params"), _type, sampleIndices);
        if (root.TryGetProperty("returned_total_norms", out JsonElement norms))
            TotalNorms = [.. norms.EnumerateArray().Select(n => n.GetDouble())];
        if (root.TryGetProperty("lr_bits_steps_1_to_N", out JsonElement rates))
            SingleRates = PackedTensor.ParseBits(rates.GetString()!, 8);
    }

    public string Name { get; }

    public bool IsDouble => _type == "float64";

    /// <summary>Whether the system computed in bfloat16, so that its run is no yardstick for one in float32.</summary>
    public bool IsBFloat16 => _type == "bfloat16";

    public string[] TensorNames { get; }

    public int[] Lengths { get; }

    /// <summary>The hyper-parameters of each tensor, after groups and multipliers.</summary>
    public ReferenceSettings[] Settings { get; }

    /// <summary>What rules the learning rate; null: the settings' number.</summary>
    public GoldenSchedule? Schedule { get; }

    public LcgGenerator Generator { get; }

    public JsonElement GeneratorCheck { get; }

    public IReadOnlyList<GoldenCheckpoint> Checkpoints { get; }

    public IReadOnlySet<(int Step, int Tensor)> Missing { get; } = new HashSet<(int, int)>();

    public IReadOnlyDictionary<int, double> LearningRateBefore { get; } = new Dictionary<int, double>();

    /// <summary>The parameters after Keras copied the averages over them.</summary>
    public PackedTensor[]? Finalized { get; }

    /// <summary>What PyTorch's clip_grad_norm_ answered at steps 1, 2, ...</summary>
    public double[]? TotalNorms { get; }

    /// <summary>Keras's learning rates at steps 1, 2, ... in float32.</summary>
    public double[]? SingleRates { get; }

    /// <summary>One folder a system: keras/adam_default and so on.</summary>
    public static IEnumerable<string> Names()
    {
        string folder = Folder();
        return Directory.EnumerateDirectories(folder)
            .SelectMany(system => Directory.EnumerateFiles(system, "*.json"))
            .Select(f => Path.ChangeExtension(Path.GetRelativePath(folder, f), null).Replace('\\', '/'))
            .Where(n => !n.EndsWith("_table", StringComparison.Ordinal) && !n.Contains("_loss_scale_optimizer")
                && !n.Contains("/sparse_") && !n.EndsWith("doc_examples", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    public static GoldenTrajectory Load(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), name + ".json")));
        return new(name, document.RootElement);
    }

    /// <summary>The gradient of a tensor at a step (from 1), or null where the run had none.</summary>
    public float[]? Gradient(int tensor, int step) =>
        Missing.Contains((step, tensor)) ? null : Generator.Gradient(tensor, step, Lengths[tensor]);

    /// <summary>The gradient as the system was given it: times the loss scale, rounded.</summary>
    public float[]? ScaledGradient(int tensor, int step) =>
        Gradient(tensor, step)?.Select(g => g * (float)Settings[tensor].LossScale).ToArray();

    public float[] Initial(int tensor) => Generator.Initial(tensor, Lengths[tensor]);

    public override string ToString() => Name;

    public static string Folder() => Path.Combine(AppContext.BaseDirectory, "goldens");

    private int Tensor(JsonElement name) => Array.IndexOf(TensorNames, name.GetString());

    private static PackedTensor[] Pack(JsonElement tensors, string type, int[] sampleIndices)
    {
        int digits = type switch
        {
            "bfloat16" => 4,
            "float32" => 8,
            _ => 16,
        };
        return [.. tensors.EnumerateArray().Select(t => PackedTensor.Parse(t, digits, sampleIndices))];
    }

    private GoldenCheckpoint ParseCheckpoint(JsonElement checkpoint, int[] sampleIndices)
    {
        Dictionary<StateStream, PackedTensor[]> state = [];
        bool hasTypes = checkpoint.TryGetProperty("state_dtypes", out JsonElement types);
        foreach (JsonProperty entry in checkpoint.GetProperty("state").EnumerateObject())
        {
            string type = hasTypes ? types.GetProperty(entry.Name).GetString()! : _type;
            state.Add(Streams[entry.Name], Pack(entry.Value, type, sampleIndices));
        }

        Deviation? parameters = null;
        Dictionary<StateStream, Deviation> deviations = [];
        if (checkpoint.TryGetProperty("dev_vs_float64_run", out JsonElement deviation))
        {
            foreach (JsonProperty entry in deviation.EnumerateObject())
            {
                Deviation value =
                    new(entry.Value.GetProperty("max_abs").GetDouble(), entry.Value.GetProperty("max_rel").GetDouble());
                if (entry.Name == "params")
                    parameters = value;
                else if (Streams.TryGetValue(entry.Name, out StateStream stream))
                    deviations.Add(stream, value);
            }
        }

        return new(
            checkpoint.GetProperty("step").GetInt32(), Pack(checkpoint.GetProperty("params"), _type, sampleIndices),
            state, parameters, deviations);
    }
}
