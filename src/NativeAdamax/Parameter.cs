using System.Buffers;
using NativeAdamax.Constraints;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>
/// Weights that an optimizer updates in place, and where their gradient is: memory of this library, of the caller, or a
/// pointer. Any shape; only the length counts.
/// </summary>
/// <remarks>
/// The gradient may stay in one place, or be handed over anew before every step. A parameter whose gradient was taken
/// away with <see cref="ClearGradient"/> is left out of steps until it has one again.
/// </remarks>
public sealed unsafe partial class Parameter : IDisposable
{
    private static int s_unnamed;

    private readonly AlignedMemory? _owned;
    private readonly float* _ownGradient;
    private MemoryHandle _pinnedWeights;
    private MemoryHandle _pinnedGradient;
    private MemoryHandle _handedOver;
    private readonly Lock _holders = new();
    private int _held;

    private Parameter(string? name, float* weights, long length, float* gradient, AlignedMemory? owned = null)
    {
        IsNamed = name is not null;
        Name = name ?? $"parameter{Interlocked.Increment(ref s_unnamed)}";
        _owned = owned;
        _ownGradient = gradient;
        Slot = new TensorSlot(Name, weights, (ulong)length) { G = gradient };
    }

    /// <summary>Unpins the caller's memory.</summary>
    ~Parameter() => Unpin();

    /// <summary>For messages and files.</summary>
    public string Name { get; }

    /// <summary>Number of weights.</summary>
    public long Length => (long)Slot.Count;

    /// <summary>The weights. Memory of the parameter: not to be used after its <see cref="Dispose"/> or its end.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">There are more than a span can hold: use <see cref="WeightsPointer"/>.</exception>
    public Span<float> Weights => SpanOf(Alive().W);

    /// <summary>The gradient that the next step reads. Memory of the parameter, like <see cref="Weights"/>.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The parameter has no gradient, or one by rows, or one of more elements than a span can hold: use
    /// <see cref="GradientPointer"/>.
    /// </exception>
    public Span<float> Gradient => Alive() switch
    {
        { HasRows: true } => throw new InvalidOperationException($"Parameter {Name} has rows of a gradient only."),
        { HasGradient: false } => throw new InvalidOperationException($"Parameter {Name} has no gradient: set one first."),
        _ => SpanOf(Slot.G),
    };

    /// <summary>The first weight.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public float* WeightsPointer => Alive().W;

    /// <summary>The first element of the gradient; null if there is none, or one by rows.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public float* GradientPointer => Alive().G;

    /// <summary>
    /// Left out of steps, whether it has a gradient or not: not trainable, in Keras's words. Its gradient is not zeroed.
    /// </summary>
    public bool IsFrozen
    {
        get => Slot.IsFrozen;
        set => Slot.IsFrozen = value;
    }

    /// <summary>What the weights must satisfy after every step; null: nothing.</summary>
    /// <exception cref="ArgumentException">It is for a matrix of another number of elements.</exception>
    public WeightConstraint? Constraint
    {
        get;

        set
        {
            value?.RefuseLength(Length);
            field = value;
            Slot.IsConstrained = value is not null;
        }
    }

    /// <summary>Whether there is a gradient for the next step.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public bool HasGradient => Alive().HasGradient;

    /// <summary>Whether the user gave it its name; otherwise that is a running number.</summary>
    internal bool IsNamed { get; }

    internal TensorSlot Slot { get; }

    /// <summary>Reads the gradient from here in the coming steps, without a copy.</summary>
    /// <param name="gradient">The first element, aligned to 4 bytes.</param>
    /// <param name="length">Must be <see cref="Length"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="gradient"/> is null, and the length is not 0.</exception>
    /// <exception cref="ArgumentException">The length is another, the pointer is not aligned, or it overlaps the weights.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void SetGradient(float* gradient, long length)
    {
        TensorSlot slot = Alive();
        CheckSameLength(Length, length);
        if (gradient is null && length > 0)
            throw new ArgumentNullException(nameof(gradient));
        CheckAlignment(gradient, nameof(gradient));
        CheckOverlap(slot.W, gradient, length);
        _handedOver.Dispose();
        _handedOver = default;
        slot.G = gradient;
    }

    /// <summary>Reads the gradient from here in the coming steps, without a copy; pinned until the next one is set.</summary>
    /// <param name="gradient">As long as the weights.</param>
    /// <exception cref="ArgumentException">The length is another, or it overlaps the weights.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void SetGradient(Memory<float> gradient)
    {
        MemoryHandle pinned = gradient.Pin();
        try
        {
            SetGradient((float*)pinned.Pointer, gradient.Length);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }

        _handedOver = pinned;
    }

    /// <summary>Copies a gradient into the parameter's own gradient memory, for the coming steps.</summary>
    /// <param name="gradient">As long as the weights.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="InvalidOperationException">The parameter was made without gradient memory.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void CopyGradient(ReadOnlySpan<float> gradient)
    {
        TensorSlot slot = Alive();
        CheckSameLength(Length, gradient.Length);
        if (_ownGradient is null && Length > 0)
        {
            throw new InvalidOperationException(
                $"Parameter {Name} has no gradient memory of its own: use {nameof(SetGradient)}.");
        }

        gradient.CopyTo(SpanOf(_ownGradient));
        _handedOver.Dispose();
        _handedOver = default;
        slot.G = _ownGradient;
    }

    /// <summary>Back to the parameter's own gradient memory, after another gradient was set or cleared.</summary>
    /// <exception cref="InvalidOperationException">The parameter was made without gradient memory.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void UseOwnGradient()
    {
        if (_ownGradient is null)
            throw new InvalidOperationException($"Parameter {Name} has no gradient memory of its own.");
        SetGradient(_ownGradient, Length);
    }

    /// <summary>Leaves the parameter out of the coming steps, until a gradient is set.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void ClearGradient()
    {
        Alive().G = null;
        _handedOver.Dispose();
        _handedOver = default;
    }

    /// <summary>
    /// Frees or unpins the memory, when the last optimizer or average that uses it has been disposed: until then they
    /// refuse to go on. A second call does nothing.
    /// </summary>
    public void Dispose()
    {
        lock (_holders)
        {
            Slot.IsDisposed = true;
            FreeIfUnused();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Length})";

    private static void CheckAlignment(float* pointer, string name)
    {
        if ((nuint)pointer % sizeof(float) != 0)
            throw new ArgumentException($"Pointer {name} is 0x{(nuint)pointer:x}, which is not a multiple of 4.", name);
    }

    internal static void CheckOverlap(float* weights, float* gradient, long length)
    {
        nuint distance = weights < gradient ? (nuint)gradient - (nuint)weights : (nuint)weights - (nuint)gradient;
        if (gradient is not null && length > 0 && distance / sizeof(float) < (nuint)length)
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

    /// <summary>Keeps the memory until <see cref="Release"/>, for a thread may be at it.</summary>
    internal void Hold()
    {
        lock (_holders)
        {
            Slot.ThrowIfDisposed();
            _held++;
        }
    }

    internal void Release()
    {
        lock (_holders)
        {
            _held--;
            FreeIfUnused();
        }
    }

    private void FreeIfUnused()
    {
        if (!Slot.IsDisposed || _held > 0)
            return;
        _owned?.Dispose();
        Slot.Rows?.Dispose();
        Unpin();
    }

    private TensorSlot Alive()
    {
        Slot.ThrowIfDisposed();
        return Slot;
    }

    internal Span<float> SpanOf(float* start) => Length <= Array.MaxLength
        ? new Span<float>(start, (int)Length)
        : throw new InvalidOperationException(
            $"Parameter {Name} has {Length} elements, more than a span can hold: use the pointers.");

    private void Unpin()
    {
        _pinnedWeights.Dispose();
        _pinnedGradient.Dispose();
        _handedOver.Dispose();
        _pinnedWeights = _pinnedGradient = _handedOver = default;
    }
}
