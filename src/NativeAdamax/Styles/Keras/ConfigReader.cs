using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeAdamax.Styles.Keras;

/// <summary>A configuration, read strictly: what is wrong or not known is refused with its key.</summary>
internal sealed class ConfigReader(JsonObject config, string what)
{
    private readonly HashSet<string> _known = [];

    /// <summary>Null where the key is missing or its value is null.</summary>
    public double? Number(string key) => Find(key) switch
    {
        null => null,
        { } node when node.GetValueKind() == JsonValueKind.Number => Parse(node),
        { } other => throw Wrong(key, other, "a number"),
    };

    /// <inheritdoc cref="Number"/>
    public long? Integer(string key) => Number(key) switch
    {
        null => null,
        double number when Math.Abs(number) < 9e15 && double.IsInteger(number) => (long)number,
        _ => throw Wrong(key, config[key]!, "a whole number"),
    };

    /// <inheritdoc cref="Number"/>
    public bool? Flag(string key) => Find(key) switch
    {
        null => null,
        { } node when node.GetValueKind() == JsonValueKind.True => true,
        { } node when node.GetValueKind() == JsonValueKind.False => false,
        { } other => throw Wrong(key, other, "true or false"),
    };

    /// <inheritdoc cref="Number"/>
    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { } node when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        { } other => throw Wrong(key, other, "a text"),
    };

    /// <inheritdoc cref="Number"/>
    public double[]? Numbers(string key) => Find(key) switch
    {
        null => null,
        JsonArray array when array.All(n => n?.GetValueKind() == JsonValueKind.Number) =>
            [.. array.Select(n => Parse(n!))],
        { } other => throw Wrong(key, other, "a list of numbers"),
    };

    /// <inheritdoc cref="Number"/>
    public JsonNode? Find(string key)
    {
        _known.Add(key);
        return config[key];
    }

    /// <summary>Whether the key is there, with whatever value.</summary>
    public bool Has(string key) => config.ContainsKey(key);

    public T Required<T>(string key, T? value)
        where T : struct => value ?? throw new ArgumentException($"{key} of {what} is missing.", nameof(value));

    /// <exception cref="ArgumentException">There is a key that was not asked for.</exception>
    public void RefuseOthers()
    {
        foreach ((string key, _) in config)
        {
            if (!_known.Contains(key))
            {
                throw new ArgumentException(
                    $"{what} has the key {key}, which is not one of {string.Join(", ", _known)}.");
            }
        }
    }

    public ArgumentException Wrong(string key, JsonNode value, string expected) =>
        new($"{key} of {what} is {value.ToJsonString()}, not {expected}.");

    private static double Parse(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
