using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Styles.MXNet;

/// <summary>
/// Numbers of the caller's, float32 or float16: an array, other memory, or a pointer and a length. Nothing is copied;
/// memory is pinned for the length of a step.
/// </summary>
public readonly unsafe struct NDArray
{
    private readonly void* _pointer;
    private readonly Memory<float> _floats;
    private readonly Memory<Half> _halves;

    private NDArray(Memory<float> memory)
    {
        _floats = memory;
        Length = memory.Length;
    }

    private NDArray(Memory<Half> memory)
    {
        _halves = memory;
        Length = memory.Length;
        IsFloat16 = true;
    }

    private NDArray(void* pointer, long length, bool isFloat16)
    {
        _pointer = pointer;
        Length = length;
        IsFloat16 = isFloat16;
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Whether the elements are float16.</summary>
    public bool IsFloat16 { get; }

    /// <summary>The elements in float32.</summary>
    /// <exception cref="InvalidOperationException">They are float16.</exception>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public Span<float> Span => IsFloat16
        ? throw new InvalidOperationException($"The elements are float16: use {nameof(HalfSpan)}.")
        : _pointer is null ? _floats.Span : new Span<float>(_pointer, checked((int)Length));

    /// <summary>The elements in float16.</summary>
    /// <exception cref="InvalidOperationException">They are float32.</exception>
    /// <exception cref="OverflowException">There are more than a span can hold.</exception>
    public Span<Half> HalfSpan => !IsFloat16
        ? throw new InvalidOperationException($"The elements are float32: use {nameof(Span)}.")
        : _pointer is null ? _halves.Span : new Span<Half>(_pointer, checked((int)Length));

    /// <summary>The caller's array.</summary>
    public static implicit operator NDArray(float[] array) => new(array.AsMemory());

    /// <summary>The caller's memory.</summary>
    public static implicit operator NDArray(Memory<float> memory) => new(memory);

    /// <summary>The caller's array of float16.</summary>
    public static implicit operator NDArray(Half[] array) => new(array.AsMemory());

    /// <summary>The caller's memory of float16.</summary>
    public static implicit operator NDArray(Memory<Half> memory) => new(memory);

    /// <summary>Memory of somebody else, which must stay where it is during a step.</summary>
    /// <param name="first">The first element, aligned to 4 bytes.</param>
    /// <param name="length">Number of elements; 0 or above.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static NDArray Over(float* first, long length) => Over(first, length, isFloat16: false);

    /// <summary>Memory of somebody else in float16, which must stay where it is during a step.</summary>
    /// <param name="first">The first element, aligned to 2 bytes.</param>
    /// <param name="length">Number of elements; 0 or above.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static NDArray Over(Half* first, long length) => Over(first, length, isFloat16: true);

    /// <summary>The elements in float32; null where they are float16.</summary>
    internal float* Pin(Pins pins) => Keep(pins).Floats;

    internal Kept Keep(Pins pins) => IsFloat16
        ? new Kept(NativeMethods.NA_F16, _pointer is null ? pins.Of(_halves) : _pointer)
        : Kept.Of(_pointer is null ? pins.Of(_floats) : (float*)_pointer);

    private static NDArray Over(void* first, long length, bool isFloat16)
    {
        Check.AtLeast(length, 0, nameof(length));
        if (first is null && length > 0)
            throw new ArgumentNullException(nameof(first));
        return new NDArray(first, length, isFloat16);
    }
}
