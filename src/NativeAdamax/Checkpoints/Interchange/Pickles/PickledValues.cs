namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>A dictionary: keys are strings and whole numbers, none twice.</summary>
/// <remarks>The hash of a number is a random function, so that no file can choose keys that collide.</remarks>
internal sealed class PickledDictionary(bool isOrderedDict)
    : Dictionary<object, object?>(PickledKeys.Instance)
{
    /// <summary>Whether it is of the class collections.OrderedDict, which may have attributes.</summary>
    public bool IsOrderedDict { get; } = isOrderedDict;
}

/// <summary>A tuple.</summary>
internal sealed class PickledTuple(object?[] items)
{
    public static readonly PickledTuple Empty = new([]);

    public object?[] Items { get; } = items;
}

/// <summary>A list.</summary>
internal sealed class PickledList : List<object?>;

/// <summary>Equality of keys.</summary>
internal sealed class PickledKeys : IEqualityComparer<object>
{
    public static readonly PickledKeys Instance = new();

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object obj) => obj is long number ? HashCode.Combine(number) : obj.GetHashCode();
}
