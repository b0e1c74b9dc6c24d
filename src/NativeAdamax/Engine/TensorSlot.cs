namespace NativeAdamax.Engine;

/// <summary>
/// Where a parameter's weights and gradient are. The engine reads it at every step, so that a gradient may be handed
/// over anew each time.
/// </summary>
internal sealed unsafe class TensorSlot(string name, float* w, ulong count)
{
    public string Name { get; } = name;

    public float* W { get; } = w;

    public ulong Count { get; } = count;

    /// <summary>Null: the parameter has no gradient in the next step.</summary>
    public float* G { get; set; }

    /// <summary>Left out of steps, whether it has a gradient or not.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Holds an average instead of its weights for a while.</summary>
    public bool IsSwapped { get; set; }

    public bool IsDisposed { get; set; }

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
