using System.Buffers;
using NativeAdamax.Constraints;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>
/// Weights that an optimizer updates in place, and where their gradient is: memory of this library, of the caller, or a
/// pointer; float32, or of 16 bits with <see cref="MasterWeights"/> beside them. Any shape; only the length counts.
/// </summary>
/// <remarks>
/// The gradient may stay in one place, or be handed over anew before every step. A parameter whose gradient was taken
/// away with <see cref="ClearGradient"/> is left out of steps until it has one again.
/// </remarks>
public sealed unsafe partial class Parameter : IDisposable
{
    private static int s_unnamed;

    private readonly AlignedMemory? _owned;
    private readonly Kept _ownGradient;
    private MemoryHandle _pinnedWeights;
    private MemoryHandle _pinnedGradient;
    private MemoryHandle _handedOver;
    private readonly Lock _holders = new();
    private int _held;

    private Parameter(
        string? name, Kept weights, long length, Kept gradient, AlignedMemory? owned = null, Kept copy = default)
    {
        IsNamed = name is not null;
        Name = name ?? $"parameter{Interlocked.Increment(ref s_unnamed)}";
        _owned = owned;
        _ownGradient = gradient;
        Slot = new TensorSlot(Name, weights, copy, (ulong)length) { Gradient = gradient };
    }

    /// <summary>Unpins the caller's memory.</summary>
    ~Parameter() => Unpin();

    /// <summary>For messages and files.</summary>
    public string Name { get; }

    /// <summary>Number of weights.</summary>
    public long Length => (long)Slot.Count;

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

    /// <summary>Whether the user gave it its name; otherwise that is a running number.</summary>
    internal bool IsNamed { get; }

    internal TensorSlot Slot { get; }

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

    internal Span<T> SpanOf<T>(T* start)
        where T : unmanaged => Length <= Array.MaxLength
        ? new Span<T>(start, (int)Length)
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
