namespace NativeAdamax.Styles.MXNet;

/// <summary>
/// Floats of the caller's: an array, other memory, or a pointer and a length. Nothing is copied; memory is pinned for
/// the length of a step.
/// </summary>
public readonly unsafe struct NDArray
{
    private readonly float* _pointer;

    private NDArray(Memory<float> memory)
    {
        Memory = memory;
        Length = memory.Length;
    }

    private NDArray(float* pointer, long length)
    {
        _pointer = pointer;
        Length = length;
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Empty where there is a pointer.</summary>
    private Memory<float> Memory { get; }

    /// <summary>The elements.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public Span<float> Span => _pointer is null ? Memory.Span : new Span<float>(_pointer, checked((int)Length));

    /// <summary>The caller's array.</summary>
    public static implicit operator NDArray(float[] array) => new(array.AsMemory());

    /// <summary>The caller's memory.</summary>
    public static implicit operator NDArray(Memory<float> memory) => new(memory);

    /// <summary>Memory of somebody else, which must stay where it is during a step.</summary>
    /// <param name="first">The first element, aligned to 4 bytes.</param>
    /// <param name="length">Number of elements; 0 or above.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static NDArray Over(float* first, long length)
    {
        Check.AtLeast(length, 0, nameof(length));
        if (first is null && length > 0)
            throw new ArgumentNullException(nameof(first));
        return new NDArray(first, length);
    }

    internal float* Pin(Pins pins) => _pointer is null ? pins.Of(Memory) : _pointer;
}
