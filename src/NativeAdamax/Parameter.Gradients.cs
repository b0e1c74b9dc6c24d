using System.Buffers;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax;

/// <content>The gradient: in one place, or handed over anew before every step; of any of three types.</content>
public sealed unsafe partial class Parameter
{
    /// <summary>The gradient that the next step reads. Memory of the parameter, like <see cref="Weights"/>.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The parameter has no gradient, or one by rows, or one of another type, or one of more elements than a span can hold:
    /// use <see cref="GradientPointer"/>.
    /// </exception>
    public Span<float> Gradient => SpanOf((float*)GradientOf(StreamFormat.Float32, nameof(Gradient)));

    /// <summary>The same of a gradient in bfloat16.</summary>
    /// <inheritdoc cref="Gradient"/>
    public Span<BFloat16> BFloat16Gradient =>
        SpanOf((BFloat16*)GradientOf(NativeMethods.NA_BF16, nameof(BFloat16Gradient)));

    /// <summary>The same of a gradient in binary16.</summary>
    /// <inheritdoc cref="Gradient"/>
    public Span<Half> HalfGradient => SpanOf((Half*)GradientOf(NativeMethods.NA_F16, nameof(HalfGradient)));

    /// <summary>The first element of the gradient in float32; null if there is none, or one by rows or of another type.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public float* GradientPointer => Alive().G;

    /// <summary>Whether there is a gradient for the next step.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public bool HasGradient => Alive().HasGradient;

    /// <summary>Reads the gradient from here in the coming steps, without a copy.</summary>
    /// <param name="gradient">The first element, aligned to its size.</param>
    /// <param name="length">Must be <see cref="Length"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="gradient"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentException">The length is another, the pointer is not aligned, or it overlaps the weights.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void SetGradient(float* gradient, long length) => SetGradient(Kept.Of(gradient), length);

    /// <inheritdoc cref="SetGradient(float*, long)"/>
    public void SetGradient(BFloat16* gradient, long length) =>
        SetGradient(new Kept(NativeMethods.NA_BF16, gradient), length);

    /// <inheritdoc cref="SetGradient(float*, long)"/>
    public void SetGradient(Half* gradient, long length) =>
        SetGradient(new Kept(NativeMethods.NA_F16, gradient), length);

    /// <summary>Reads the gradient from here in the coming steps, without a copy; pinned until the next one is set.</summary>
    /// <param name="gradient">As long as the weights.</param>
    /// <exception cref="ArgumentException">The length is another, or it overlaps the weights.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void SetGradient(Memory<float> gradient) =>
        SetGradient(StreamFormat.Float32, gradient.Pin(), gradient.Length);

    /// <inheritdoc cref="SetGradient(Memory{float})"/>
    public void SetGradient(Memory<BFloat16> gradient) =>
        SetGradient(NativeMethods.NA_BF16, gradient.Pin(), gradient.Length);

    /// <inheritdoc cref="SetGradient(Memory{float})"/>
    public void SetGradient(Memory<Half> gradient) =>
        SetGradient(NativeMethods.NA_F16, gradient.Pin(), gradient.Length);

    /// <summary>Copies a gradient into the parameter's own gradient memory, for the coming steps.</summary>
    /// <param name="gradient">As long as the weights.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="InvalidOperationException">The parameter was made without gradient memory of float32.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void CopyGradient(ReadOnlySpan<float> gradient)
    {
        TensorSlot slot = Alive();
        CheckSameLength(Length, gradient.Length);
        if (_ownGradient.Floats is null && Length > 0)
        {
            throw new InvalidOperationException(
                $"Parameter {Name} has no gradient memory of its own in float32: use {nameof(SetGradient)}.");
        }

        gradient.CopyTo(SpanOf(_ownGradient.Floats));
        LetGo();
        slot.Gradient = _ownGradient;
    }

    /// <summary>Back to the parameter's own gradient memory, after another gradient was set or cleared.</summary>
    /// <exception cref="InvalidOperationException">The parameter was made without gradient memory.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void UseOwnGradient()
    {
        if (!_ownGradient.IsThere)
            throw new InvalidOperationException($"Parameter {Name} has no gradient memory of its own.");
        SetGradient(_ownGradient, Length);
    }

    /// <summary>Leaves the parameter out of the coming steps, until a gradient is set.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void ClearGradient()
    {
        Alive().Gradient = default;
        LetGo();
    }

    /// <exception cref="ArgumentException">The gradient overlaps the weights.</exception>
    internal void RefuseOverlap(Kept gradient) => CheckOverlap(Slot.Weights, Slot.Copy, gradient, Length);

    private static void CheckAlignment(Kept kept, string name)
    {
        nuint size = kept.IsPacked ? sizeof(ushort) : (nuint)sizeof(float);
        if ((nuint)kept.Data % size != 0)
        {
            throw new ArgumentException(
                $"Pointer {name} is 0x{(nuint)kept.Data:x}, which is not a multiple of {size}.", name);
        }
    }

    private static void CheckOverlap(Kept weights, Kept copy, Kept gradient, long length)
    {
        nuint bytes = gradient.IsThere ? StreamFormat.DataBytes(gradient.Format, (ulong)length) : 0;
        if (weights.Overlaps(gradient.Data, bytes, (ulong)length) || copy.Overlaps(gradient.Data, bytes, (ulong)length))
            throw new ArgumentException("The gradient overlaps the weights.", nameof(gradient));
    }

    private static void CheckSameLength(long weights, long gradient)
    {
        if (weights != gradient)
        {
            throw new ArgumentException(
                $"The gradient has {gradient} elements, the weights have {weights}.", nameof(gradient));
        }
    }

    private void* GradientOf(uint format, string name) => Alive() switch
    {
        { HasRows: true } => throw new InvalidOperationException($"Parameter {Name} has rows of a gradient only."),
        { HasGradient: false } => throw new InvalidOperationException($"Parameter {Name} has no gradient: set one first."),
        { Gradient.Format: uint other } when other != format => throw new InvalidOperationException(
            $"The gradient of parameter {Name} is of another type than {name} has."),
        _ => Slot.Gradient.Data,
    };

    private void SetGradient(Kept gradient, long length)
    {
        TensorSlot slot = Alive();
        CheckSameLength(Length, length);
        if (!gradient.IsThere && length > 0)
            throw new ArgumentNullException(nameof(gradient));
        CheckAlignment(gradient, nameof(gradient));
        RefuseOverlap(gradient);
        LetGo();
        slot.Gradient = gradient;
    }

    private void SetGradient(uint format, MemoryHandle pinned, int length)
    {
        try
        {
            SetGradient(new Kept(format, pinned.Pointer), length);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }

        _handedOver = pinned;
    }

    private void LetGo()
    {
        _handedOver.Dispose();
        _handedOver = default;
    }
}
