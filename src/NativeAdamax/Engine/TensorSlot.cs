using System.Runtime.InteropServices;

namespace NativeAdamax.Engine;

/// <summary>
/// Where a parameter's weights and gradient are. The engine reads it at every step, so that a gradient may be handed
/// over anew each time.
/// </summary>
/// <param name="name">For messages.</param>
/// <param name="weights">What steps change.</param>
/// <param name="copy">What the model reads, where that is a rounded copy of the weights.</param>
/// <param name="count">Elements.</param>
internal sealed unsafe class TensorSlot(string name, Kept weights, Kept copy, ulong count)
{
    /// <summary>Weights in floats.</summary>
    public TensorSlot(string name, float* w, ulong count)
        : this(name, Kept.Of(w), default, count)
    {
    }

    public string Name { get; } = name;

    public Kept Weights { get; } = weights;

    public Kept Copy { get; } = copy;

    public ulong Count { get; } = count;

    /// <summary>The weights where they are floats; otherwise null.</summary>
    public float* W { get; } = weights.Floats;

    /// <summary>Whether the weights are all there is, in floats.</summary>
    public bool IsPlain => !Weights.IsPacked && !Copy.IsThere;

    /// <summary>The whole gradient; without data where there is none, or only rows of one.</summary>
    public Kept Gradient
    {
        get;
        set
        {
            field = value;
            G = value.Floats;
            PacksGradient = value is { IsPacked: true, IsThere: true };
            HasRows = false;
        }
    }

    /// <summary>The whole gradient where it is floats; otherwise null.</summary>
    public float* G { get; private set; }

    /// <summary>Whether the whole gradient is there in another format than floats.</summary>
    public bool PacksGradient { get; private set; }

    /// <summary>Memory for a gradient given by rows; null until there was one.</summary>
    public RowGradient? Rows { get; private set; }

    /// <summary>Whether the gradient is <see cref="Rows"/>.</summary>
    public bool HasRows { get; private set; }

    /// <summary>Whether there is a gradient for the next step, whole or by rows.</summary>
    public bool HasGradient => HasWholeGradient || HasRows;

    public bool HasWholeGradient => G is not null || PacksGradient;

    /// <summary>Left out of steps, whether it has a gradient or not.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Holds an average instead of its weights for a while.</summary>
    public bool IsSwapped { get; set; }

    public bool IsDisposed { get; set; }

    /// <summary>Whether somebody holds the weights to something after every step.</summary>
    public bool IsConstrained { get; set; }

    /// <summary>Makes these rows the gradient.</summary>
    public void SetRows(RowGradient rows)
    {
        Gradient = default;
        Rows = rows;
        HasRows = true;
    }

    /// <summary>Sets the gradient to zero, if there is one.</summary>
    public void ZeroGradient()
    {
        if (HasRows)
            Rows!.Clear();
        else if (HasWholeGradient)
            NativeMemory.Clear(Gradient.Data, StreamFormat.DataBytes(Gradient.Format, Count));
    }

    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The parameter holds its average.</exception>
    public void ThrowIfUnusable()
    {
        if (!IsDisposed && !IsSwapped)
            return;
        ThrowIfDisposed();
        ThrowIfSwapped();
    }

    /// <exception cref="InvalidOperationException">The parameter holds its average.</exception>
    public void ThrowIfSwapped()
    {
        if (IsSwapped)
            throw new InvalidOperationException($"Parameter {Name} holds its average: dispose the swap first.");
    }

    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void ThrowIfDisposed()
    {
        if (IsDisposed)
            throw new ObjectDisposedException($"Parameter {Name}");
    }
}
