using System.Globalization;
using System.Text.Json;

namespace NativeAdamax.Tests.Schedules;

/// <summary>
/// A schedule's arguments under its system's names. Reading all of them is part of the test: none is ignored.
/// </summary>
internal sealed class ScheduleConfig(JsonElement values)
{
    private readonly HashSet<string> _read = [];

    public double Number(string name, double standard = double.NaN) =>
        Find(name) is { } value ? value.GetDouble() : Standard(name, standard, double.IsNaN(standard));

    public double? NumberOrNone(string name) => Find(name)?.GetDouble();

    public long Count(string name, long standard = -1) =>
        Find(name) is { } value ? value.GetInt64() : Standard(name, standard, standard < 0);

    public long? CountOrNone(string name) => Find(name)?.GetInt64();

    public bool Flag(string name, bool standard) => Find(name) is { } value ? value.GetBoolean() : standard;

    public string Text(string name, string standard) => Find(name) is { } value ? value.GetString()! : standard;

    public JsonElement[] List(string name) => [.. Find(name)!.Value.EnumerateArray()];

    public KeyValuePair<long, double>[] Scales(string name) =>
        [.. Find(name)!.Value.EnumerateObject()
            .Select(e => KeyValuePair.Create(long.Parse(e.Name, CultureInfo.InvariantCulture), e.Value.GetDouble()))];

    /// <summary>Throws if the system was given an argument that nobody asked for.</summary>
    public void AssertAllRead()
    {
        string[] ignored = [.. values.EnumerateObject().Select(e => e.Name).Except(_read)];
        if (ignored.Length > 0)
            throw new FormatException($"the tests do not know {string.Join(", ", ignored)}");
    }

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return values.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
    }

    private static T Standard<T>(string name, T standard, bool missing) =>
        missing ? throw new FormatException($"{name} is missing") : standard;
}
