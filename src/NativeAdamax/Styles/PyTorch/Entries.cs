namespace NativeAdamax.Styles.PyTorch;

/// <summary>Entries of a dictionary of PyTorch's, read strictly: what is wrong is refused with its key.</summary>
/// <param name="entries">The dictionary.</param>
/// <param name="what">What it belongs to, for messages.</param>
internal sealed class Entries(IReadOnlyDictionary<string, object?> entries, string what)
{
    public string What { get; } = what;

    public bool IsEmpty => entries.Count == 0;

    /// <summary>Null where the key is missing or its value is None.</summary>
    public T? Get<T>(string key)
        where T : class => entries.GetValueOrDefault(key) switch
        {
            null => null,
            T value => value,
            { } other => throw Wrong(key, other, $"a {typeof(T).Name}"),
        };

    /// <summary>Any number, also as a tensor of one element.</summary>
    public double? Number(string key) => entries.GetValueOrDefault(key) switch
    {
        null => null,
        double number => number,
        float number => number,
        long number => number,
        int number => number,
        float[] { Length: 1 } tensor => tensor[0],
        { } other => throw Wrong(key, other, "a number"),
    };

    public bool? Flag(string key) => entries.GetValueOrDefault(key) switch
    {
        null => null,
        bool flag => flag,
        { } other => throw Wrong(key, other, "true or false"),
    };

    /// <summary>A whole number from 0 on, which older files have as a number and newer ones as a tensor.</summary>
    public long Count(string key) => Number(key) switch
    {
        null => throw StateDictReader.Refused($"{key} of {What} is missing."),
        >= 0 and <= Check.MostSteps and double count when count == Math.Floor(count) => (long)count,
        double other => throw Wrong(key, other, "a whole number from 0 to 2^62"),
    };

    public float[] Floats(string key, long length)
    {
        float[] tensor = Get<float[]>(key) ?? throw StateDictReader.Refused($"{key} of {What} is missing.");
        return tensor.Length == length
            ? tensor
            : throw StateDictReader.Refused($"{key} of {What} has {tensor.Length} elements instead of {length}.");
    }

    public void RefuseOthers(HashSet<string> known)
    {
        if (entries.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            throw StateDictReader.Refused($"{What} has the key {unknown}, which means nothing to this optimizer.");
    }

    private ArgumentException Wrong(string key, object value, string expected) =>
        StateDictReader.Refused($"{key} of {What} is {value}, not {expected}.");
}
