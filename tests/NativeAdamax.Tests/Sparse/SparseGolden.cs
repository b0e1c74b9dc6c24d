using System.Text.Json;
using NativeAdamax.Tests.Goldens;

namespace NativeAdamax.Tests.Sparse;

/// <summary>One file of tests/goldens in the schema golden-sparse/1.</summary>
internal sealed class SparseGolden
{
    private SparseGolden(JsonElement root)
    {
        if (root.GetProperty("schema").GetString() != "golden-sparse/1")
            throw new FormatException("not a golden-sparse/1");
        int[] shape = [.. root.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
        Width = shape[1];
        Initial = Floats(root.GetProperty("init"));
        JsonElement config = root.GetProperty("config");
        LearningRate = Number(config, "learning_rate", "lr");
        Epsilon = Number(config, "epsilon", "eps");
        if (config.EnumerateObject().Any(e => e.Name is "amsgrad" or "adaptive_epsilon" or "maximize" && e.Value.GetBoolean()))
            throw new FormatException("a setting that the tests do not know");
        Steps = [.. root.GetProperty("steps").EnumerateArray().Select(s => new SparseStep(
            [.. s.GetProperty("indices").EnumerateArray().Select(i => i.GetInt32())],
            Floats(s.GetProperty("values")), Floats(s.GetProperty("params")), State(s, 0), State(s, 1)))];
    }

    public int Width { get; }

    public float[] Initial { get; }

    public double LearningRate { get; }

    public double Epsilon { get; }

    public IReadOnlyList<SparseStep> Steps { get; }

    public static SparseGolden Load(string name)
    {
        string file = Path.Combine(GoldenTrajectory.Folder(), name + ".json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return new(document.RootElement);
    }

    private static double Number(JsonElement config, string name, string other) =>
        config.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : config.GetProperty(other).GetDouble();

    private static float[] State(JsonElement step, int which) =>
        Floats(step.GetProperty("state").EnumerateObject().ElementAt(which).Value);

    private static float[] Floats(JsonElement bits) =>
        [.. PackedTensor.ParseBits(bits.GetString()!, 8).Select(x => (float)x)];
}

/// <summary>Rows of one step, and all weights and moments after it.</summary>
internal sealed record SparseStep(int[] Rows, float[] Values, float[] Weights, float[] First, float[] Second)
{
    /// <summary>The whole gradient, rows with the same index added up in double.</summary>
    public double[] Whole(int length, int width)
    {
        double[] whole = new double[length];
        for (int i = 0; i < Values.Length; i++)
            whole[Rows[i / width] * width + i % width] += Values[i];
        return whole;
    }
}
