using System.Runtime.InteropServices;

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

    /// <summary>The whole gradient; null where there is none, or only rows of one.</summary>
    public float* G
    {
        get;
        set
        {
            field = value;
            HasRows = false;
        }
    }

    /// <summary>Memory for a gradient given by rows; null until there was one.</summary>
    public RowGradient? Rows { get; private set; }

    /// <summary>Whether the gradient is <see cref="Rows"/>.</summary>
    public bool HasRows { get; private set; }

    /// <summary>Whether there is a gradient for the next step, whole or by rows.</summary>
    public bool HasGradient => G is not null || HasRows;

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
        G = null;
        Rows = rows;
        HasRows = true;
    }

    /// <summary>Sets the gradient to zero, if there is one.</summary>
    public void ZeroGradient()
    {
        if (HasRows)
            Rows!.Clear();
        else if (G is not null)
            NativeMemory.Clear(G, (nuint)Count * sizeof(float));
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
