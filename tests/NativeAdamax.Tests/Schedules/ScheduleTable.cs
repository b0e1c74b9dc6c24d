using System.Text.Json;
using NativeAdamax.Schedules;
using NativeAdamax.Tests.Goldens;

namespace NativeAdamax.Tests.Schedules;

/// <summary>One schedule of a file in the schema golden-schedule/1: a system's rates at some counts.</summary>
/// <param name="Name">The file and the schedule in it.</param>
/// <param name="Schedule">The library's, of the same arguments.</param>
/// <param name="Counts">What the schedule sees.</param>
/// <param name="Exact">The system's rates in float64, if it was run so.</param>
/// <param name="Single">The system's rates in float32, if it was run so.</param>
/// <param name="Beta1">The system's beta1 in float64, if the schedule cycles it.</param>
/// <param name="Metrics">What the schedule is told after each step.</param>
internal sealed record ScheduleTable(
    string Name, Schedule Schedule, long[] Counts, double[]? Exact, double[]? Single, double[]? Beta1, double[]? Metrics)
{
    private static readonly string[] Files =
        ["keras/schedules_table", "mxnet/lr_schedulers_table", "optax/schedules_table", "torch/schedulers_table"];

    public static IReadOnlyDictionary<string, ScheduleTable> All { get; } = Files.SelectMany(Load).ToDictionary(t => t.Name);

    public override string ToString() => Name;

    private static IEnumerable<ScheduleTable> Load(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "goldens", file + ".json")));
        JsonElement root = document.RootElement;
        if (root.GetProperty("schema").GetString() != "golden-schedule/1")
            throw new FormatException($"{file} is not a golden-schedule/1");
        long[]? steps = root.TryGetProperty("steps", out JsonElement list) ? [.. list.EnumerateArray().Select(s => s.GetInt64())] : null;
        long first = file.StartsWith("mxnet", StringComparison.Ordinal) ? 1 : 0;
        return [.. root.GetProperty("schedules").EnumerateArray().Select(s => Parse(file.Split('/')[0], s, steps, first))];
    }

    private static ScheduleTable Parse(string system, JsonElement s, long[]? steps, long first)
    {
        double baseLr = s.TryGetProperty("base_lr", out JsonElement lr) ? lr.GetDouble() : double.NaN;
        string function = new[] { "class_name", "class", "fn" }.Where(k => s.TryGetProperty(k, out _)).Select(k => s.GetProperty(k).GetString()!).Single();
        // Two systems have an exponential and a cosine decay of different classes, but no two share a name with other arguments.
        Schedule schedule = ScheduleFactory.Create(function, s.GetProperty("config"), baseLr);
        double[]? exact = Numbers(s, "lr_f64") ?? Numbers(s, "lr");
        double[]? single = s.TryGetProperty("lr_f32_bits", out JsonElement bits) ? PackedTensor.ParseBits(bits.GetString()!, 8) : null;
        long[] counts = steps ?? [.. Enumerable.Range(0, exact!.Length).Select(i => i + first)];
        if ((exact ?? single)!.Length != counts.Length)
            throw new FormatException($"{system} {s.GetProperty("name")}: {counts.Length} counts for other rates");
        return new($"{system} {s.GetProperty("name").GetString()}", schedule, counts, exact, single, Numbers(s, "beta1"), Numbers(s, "metrics"));
    }

    private static double[]? Numbers(JsonElement s, string name) =>
        s.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(x => x.GetDouble())] : null;
}
