using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>The streams of a tensor, in the order in which the kernels number them.</summary>
internal enum StreamPlace
{
    W,
    G,
    M,
    V,
    X,
    A,
    S,
    D,
    Copy,
}

/// <summary>Where a stream of a tensor is, and in which format. Without data: it is not there.</summary>
/// <param name="format"><see cref="StreamFormat.Float32"/>, or one of the kernels' NA_BF16 ...</param>
/// <param name="data">The floats, the 16 bits or the codes.</param>
/// <param name="beside">The rests, or the scales of the blocks; null for other formats.</param>
/// <param name="book">Of formats with a table.</param>
internal readonly unsafe struct Kept(uint format, void* data, void* beside = null, float* book = null)
{
    public uint Format { get; } = format;

    public void* Data { get; } = data;

    public void* Beside { get; } = beside;

    public float* Book { get; } = book;

    public bool IsThere => Data is not null;

    public bool IsPacked => Format != StreamFormat.Float32;

    /// <summary>The elements where they are floats; otherwise null.</summary>
    public float* Floats => IsPacked ? null : (float*)Data;

    public static Kept Of(float* floats) => new(StreamFormat.Float32, floats);

    /// <summary>As the kernels are told of it; without data where it is floats.</summary>
    public NaPacked Packed => IsPacked && IsThere
        ? new NaPacked { data = Data, beside = Beside, book = Book, format = Format }
        : default;

    /// <summary>The same bits rounded to nearest: what is written once, by a user, has no step to draw from.</summary>
    public Kept ToNearest() => Format == NativeMethods.NA_BF16_RANDOM ? new Kept(NativeMethods.NA_BF16, Data) : this;

    /// <summary>Whether memory has a part in common with this stream of so many elements.</summary>
    public bool Overlaps(void* start, nuint bytes, ulong count) =>
        IsThere && bytes > 0 && count > 0
        && ((byte*)start < (byte*)Data + StreamFormat.DataBytes(Format, count) && (byte*)Data < (byte*)start + bytes);

    /// <summary>Copies the bits, of the same format, to another place.</summary>
    public void CopyTo(Kept other, ulong count)
    {
        if (!IsThere)
            return;
        nuint data = StreamFormat.DataBytes(Format, count), beside = StreamFormat.BesideBytes(Format, count);
        Buffer.MemoryCopy(Data, other.Data, data, data);
        if (beside > 0)
            Buffer.MemoryCopy(Beside, other.Beside, beside, beside);
    }
}
