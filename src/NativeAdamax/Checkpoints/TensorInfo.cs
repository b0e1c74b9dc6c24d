namespace NativeAdamax.Checkpoints;

/// <summary>A tensor of a safetensors file: everything but its elements.</summary>
public sealed class TensorInfo
{
    internal TensorInfo(string name, TensorType type, long[] shape, long offset, long length)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Offset = offset;
        Length = length;
    }

    /// <summary>Unique in its file.</summary>
    public string Name { get; }

    /// <summary>Of its elements.</summary>
    public TensorType Type { get; }

    /// <summary>Its dimensions, the last one the fastest; none for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Where its first byte is, counted from the end of the header.</summary>
    public long Offset { get; }

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    /// <summary>Its elements.</summary>
    public long Count => Length / Type.Size();

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Describe(Type, Shape)}";

    internal static string Describe(TensorType type, IReadOnlyList<long> shape) => $"{type.Text()} [{string.Join(", ", shape)}]";

    /// <summary>The bytes of a shape.</summary>
    /// <exception cref="OverflowException">They are more than 64 bits count.</exception>
    internal static long Bytes(TensorType type, ReadOnlySpan<long> shape)
    {
        long bytes = type.Size();
        foreach (long dimension in shape)
            bytes = checked(bytes * dimension);
        return bytes;
    }
}
