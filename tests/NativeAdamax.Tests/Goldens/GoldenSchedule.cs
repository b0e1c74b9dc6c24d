using System.Text.Json;
using NativeAdamax.Schedules;
using NativeAdamax.Tests.Schedules;

namespace NativeAdamax.Tests.Goldens;

/// <summary>
/// The library's schedule for that of a golden run, and what the system's own gave at steps 1, 2, ...
/// </summary>
internal sealed record GoldenSchedule(Schedule Schedule, double[] Rates, double[]? Beta1)
{
    public static GoldenSchedule? Parse(string name, JsonElement root)
    {
        JsonElement config = root.GetProperty("config");
        if (config.TryGetProperty("learning_rate", out JsonElement rate) && rate.ValueKind == JsonValueKind.Object)
        {
            Schedule schedule = Create(rate, "class_name");
            if (!name.Contains("/adamax_sched_"))
                return new(schedule, [.. Enumerable.Range(0, 100).Select(i => schedule.At(i))], null);

            // The trajectory has Keras's rates in float32; those of its float64 run stand in the table.
            ScheduleTable table = ScheduleTable.Load(name.Replace("/adamax_sched_", " "));
            return new(schedule, table.Exact!, null);
        }

        if (root.TryGetProperty("lr_scheduler", out JsonElement ofMXNet) && ofMXNet.ValueKind == JsonValueKind.Object)
            return new(Create(ofMXNet, "class"), Numbers(root, "lr_of_first_tensor_steps_1_to_N")!, null);
        return root.TryGetProperty("scheduler", out JsonElement ofTorch)
            ? new(
                Create(ofTorch, "class", config.GetProperty("lr").GetDouble()),
                Numbers(root, "lr_steps_1_to_N")!,
                Numbers(root, "beta1_steps_1_to_N"))
            : null;
    }

    private static Schedule Create(JsonElement schedule, string function, double baseLr = double.NaN) =>
        ScheduleFactory.Create(schedule.GetProperty(function).GetString()!, schedule.GetProperty("config"), baseLr);

    private static double[]? Numbers(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(x => x.GetDouble())]
            : null;
}
