using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>Numbers and a shape, as NumPy and PyTorch have them in files: row-major, one type.</summary>
public sealed class PlainArray
{
    /// <summary>Elements of a part: a few megabytes, whatever their type.</summary>
    private const int Part = 1 << 19;

    private readonly Array _values;
    private readonly long[] _shape;

    private PlainArray(ElementType type, Array values, IReadOnlyList<long>? shape)
    {
        Type = type;
        _values = values;
        _shape = shape is null ? [values.Length] : [.. shape];
        if (CountOf(_shape) != values.Length)
        {
            throw new ArgumentException(
                $"The shape ({string.Join(", ", _shape)}) does not have {values.Length} elements.", nameof(shape));
        }
    }

    /// <summary>What the elements are.</summary>
    public ElementType Type { get; }

    /// <summary>The lengths of the dimensions, the slowest first; none for a single number.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The number of elements.</summary>
    public int Length => _values.Length;

    /// <summary>An array over these values, which are not copied.</summary>
    /// <param name="values">Row-major.</param>
    /// <param name="shape">Null: one dimension. Empty: a single number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape has another number of elements, or a negative length.</exception>
    public static PlainArray Of(float[] values, IReadOnlyList<long>? shape = null) =>
        Of(ElementType.Single, values, shape);

    /// <inheritdoc cref="Of(float[], IReadOnlyList{long}?)"/>
    public static PlainArray Of(double[] values, IReadOnlyList<long>? shape = null) =>
        Of(ElementType.Double, values, shape);

    /// <inheritdoc cref="Of(float[], IReadOnlyList{long}?)"/>
    public static PlainArray Of(int[] values, IReadOnlyList<long>? shape = null) =>
        Of(ElementType.Int32, values, shape);

    /// <inheritdoc cref="Of(float[], IReadOnlyList{long}?)"/>
    public static PlainArray Of(long[] values, IReadOnlyList<long>? shape = null) =>
        Of(ElementType.Int64, values, shape);

    /// <summary>
    /// The elements as floats: the array's own where they are, otherwise converted, rounded to the nearest.
    /// </summary>
    public float[] ToSingles()
    {
        if (_values is float[] own)
            return own;
        float[] singles = new float[Length];
        switch (_values)
        {
            case double[] values:
                TensorPrimitives.ConvertTruncating<double, float>(values, singles);
                break;
            case int[] values:
                TensorPrimitives.ConvertTruncating<int, float>(values, singles);
                break;
            case long[] values:
                TensorPrimitives.ConvertTruncating<long, float>(values, singles);
                break;
        }

        return singles;
    }

    /// <summary>The elements themselves.</summary>
    /// <typeparam name="T">float, double, int or long, as <see cref="Type"/> says.</typeparam>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged =>
        _values is T[] values && typeof(T) == _values.GetType().GetElementType()
            ? values
            : throw new InvalidOperationException($"The elements are of type {Type}, not {typeof(T).Name}.");

    /// <summary>The only element as a number.</summary>
    /// <exception cref="InvalidOperationException">There are none or several.</exception>
    public double ToNumber() => Length != 1
        ? throw new InvalidOperationException($"The array has {Length} elements instead of one.")
        : _values switch
        {
            float[] values => values[0],
            double[] values => values[0],
            int[] values => values[0],
            _ => ((long[])_values)[0],
        };

    /// <summary>An array of zeros to be filled.</summary>
    internal static PlainArray Zeros(ElementType type, int length, IReadOnlyList<long>? shape = null) => new(
        type,
        type switch
        {
            ElementType.Single => new float[length],
            ElementType.Double => new double[length],
            ElementType.Int32 => new int[length],
            _ => new long[length],
        },
        shape);

    internal static int SizeOf(ElementType type) => type is ElementType.Single or ElementType.Int32 ? 4 : 8;

    /// <summary>
    /// The number of elements of a shape; -1 where a length is negative or the number beyond 64 bits.
    /// </summary>
    internal static long CountOf(ReadOnlySpan<long> shape)
    {
        if (shape.Contains(0) && shape.IndexOfAnyInRange(long.MinValue, -1) < 0)
            return 0;
        UInt128 count = 1;
        foreach (long length in shape)
        {
            count *= (ulong)Math.Max(0, length);
            if (length < 0 || count > long.MaxValue)
                return -1;
        }

        return (long)count;
    }

    /// <summary>The same elements in another shape.</summary>
    internal PlainArray As(IReadOnlyList<long> shape) => new(Type, _values, shape);

    /// <summary>Fills the array with little-endian bytes.</summary>
    internal void ReadParts(PartOf read)
    {
        ForEachPart(part =>
        {
            read(part);
            Swap(part);
        });
    }

    /// <summary>Gives out the elements as little-endian bytes.</summary>
    internal void WriteParts(PartOf write)
    {
        ForEachPart(part =>
        {
            Swap(part);
            write(part);
            Swap(part);
        });
    }

    /// <summary>Copies elements, which are of the same type.</summary>
    internal void CopyTo(int from, PlainArray target, int to, int count) =>
        Array.Copy(_values, from, target._values, to, count);

    private static PlainArray Of(ElementType type, Array values, IReadOnlyList<long>? shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new PlainArray(type, values, shape);
    }

    private void ForEachPart(PartOf use)
    {
        for (int at = 0; at < Length; at += Part)
            use(Bytes(at, Math.Min(Part, Length - at)));
    }

    private Span<byte> Bytes(int start, int count) => _values switch
    {
        float[] values => MemoryMarshal.AsBytes(values.AsSpan(start, count)),
        double[] values => MemoryMarshal.AsBytes(values.AsSpan(start, count)),
        int[] values => MemoryMarshal.AsBytes(values.AsSpan(start, count)),
        _ => MemoryMarshal.AsBytes(((long[])_values).AsSpan(start, count)),
    };

    private void Swap(Span<byte> part)
    {
        if (BitConverter.IsLittleEndian)
            return;
        if (SizeOf(Type) == 4)
        {
            Span<uint> words = MemoryMarshal.Cast<byte, uint>(part);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else
        {
            Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(part);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    internal delegate void PartOf(Span<byte> part);
}
