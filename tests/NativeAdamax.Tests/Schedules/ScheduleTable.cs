using System.Text.Json;
using NativeAdamax.Schedules;
using NativeAdamax.Tests.Goldens;

namespace NativeAdamax.Tests.Schedules;

/// <summary>One schedule of a file in the schema golden-schedule/1: a system's rates at some counts.</summary>
internal sealed class ScheduleTable
{
    private static readonly string[] Files =
        ["keras/schedules_table", "mxnet/lr_schedulers_table", "optax/schedules_table", "torch/schedulers_table"];

    private static readonly string[] FunctionKeys = ["class_name", "class", "fn"];

    private ScheduleTable(string system, JsonElement s, long[]? steps, long first)
    {
        Name = $"{system} {s.GetProperty("name").GetString()}";
        string function = s.GetProperty(FunctionKeys.Single(k => s.TryGetProperty(k, out _))).GetString()!;
        double baseLr = s.TryGetProperty("base_lr", out JsonElement lr) ? lr.GetDouble() : double.NaN;
        Schedule = ScheduleFactory.Create(function, s.GetProperty("config"), baseLr);
        Exact = Numbers(s, "lr_f64") ?? Numbers(s, "lr");
        Single = s.TryGetProperty("lr_f32_bits", out JsonElement bits)
            ? PackedTensor.ParseBits(bits.GetString()!, 8)
            : null;
        Beta1 = Numbers(s, "beta1");
        Metrics = Numbers(s, "metrics");
        Counts = steps ?? [.. Enumerable.Range(0, Exact!.Length).Select(i => i + first)];
        if ((Exact ?? Single)!.Length != Counts.Length)
            throw new FormatException($"{Name} has rates for other counts than its {Counts.Length}");
    }

    /// <summary>The system and the schedule.</summary>
    public string Name { get; }

    /// <summary>The library's, of the same arguments.</summary>
    public Schedule Schedule { get; }

    /// <summary>What the schedule sees.</summary>
    public long[] Counts { get; }

    /// <summary>The system's rates in float64, if it was run so.</summary>
    public double[]? Exact { get; }

    /// <summary>The system's rates in float32, if it was run so.</summary>
    public double[]? Single { get; }

    /// <summary>The system's beta1, if the schedule cycles it.</summary>
    public double[]? Beta1 { get; }

    /// <summary>What the schedule is told after each count, if it listens.</summary>
    public double[]? Metrics { get; }

    public static ScheduleTable[] All() => [.. Files.SelectMany(Read)];

    public static ScheduleTable Load(string name) => All().Single(t => t.Name == name);

    private static IEnumerable<ScheduleTable> Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "goldens", file + ".json")));
        JsonElement root = document.RootElement;
        if (root.GetProperty("schema").GetString() != "golden-schedule/1")
            throw new FormatException($"{file} is not a golden-schedule/1");
        long[]? steps = root.TryGetProperty("steps", out JsonElement list)
            ? [.. list.EnumerateArray().Select(s => s.GetInt64())]
            : null;
        string system = file.Split('/')[0];
        return [.. root.GetProperty("schedules").EnumerateArray()
            .Select(s => new ScheduleTable(system, s, steps, system == "mxnet" ? 1 : 0))];
    }

    private static double[]? Numbers(JsonElement s, string name) =>
        s.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(x => x.GetDouble())] : null;
}
