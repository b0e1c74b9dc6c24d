using System.Runtime.InteropServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>
/// The tensors of an optimizer as the kernels read them, laid out once; and, for a step in which some have no gradient,
/// those that take part and those that do not.
/// </summary>
internal sealed unsafe class TensorList : IDisposable
{
    private readonly AlignedMemory _memory;
    private readonly TensorSlot[] _slots;

    public TensorList(TensorSlot[] slots, int extraRows)
    {
        _slots = slots;
        Rows = slots.Length + extraRows;
        nuint tensors = AlignedMemory.RoundUp((nuint)slots.Length * (nuint)sizeof(NaTensor), AlignedMemory.Line);
        _memory = AlignedMemory.Allocate(3 * tensors + (nuint)Rows * (nuint)sizeof(NaScalars));
        All = (NaTensor*)_memory.Pointer;
        Active = (NaTensor*)(_memory.Pointer + tensors);
        Passive = (NaTensor*)(_memory.Pointer + 2 * tensors);
        Scalars = (NaScalars*)(_memory.Pointer + 3 * tensors);
        for (int i = 0; i < slots.Length; i++)
            All[i] = new NaTensor { w = slots[i].W, count = slots[i].Count };
    }

    public int Count => _slots.Length;

    /// <summary>Room for the rows of scalars: one a tensor at most, and the extra ones behind.</summary>
    public int Rows { get; }

    public NaScalars* Scalars { get; }

    public NaTensor* All { get; }

    /// <summary>The tensors with a gradient, after <see cref="Split"/>: <see cref="All"/> itself where none lacks one.</summary>
    public NaTensor* Active { get; private set; }

    public NaTensor* Passive { get; }

    public int ActiveCount { get; private set; }

    public int PassiveCount => Count - ActiveCount;

    /// <summary>Reads every parameter's gradient anew.</summary>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public void ReadGradients()
    {
        int active = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            TensorSlot slot = _slots[i];
            slot.ThrowIfDisposed();
            All[i].g = slot.G;
            active += slot.G is not null || slot.Count == 0 ? 1 : 0;
        }

        ActiveCount = active;
    }

    /// <summary>Takes the gradients from one buffer in which they lie end to end.</summary>
    public void ReadGradients(float* gradients)
    {
        ReadGradients();
        for (int i = 0; i < _slots.Length; i++)
        {
            All[i].g = gradients;
            gradients += _slots[i].Count;
        }

        ActiveCount = Count;
    }

    /// <summary>Sets every gradient that there is to zero.</summary>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public void ZeroGradients()
    {
        ReadGradients();
        for (int i = 0; i < Count; i++)
        {
            if (All[i].g is not null)
                NativeMemory.Clear(All[i].g, (nuint)All[i].count * sizeof(float));
        }
    }

    public bool IsActive(int i) => All[i].g is not null || All[i].count == 0;

    /// <summary>Copies the tensors with and without a gradient apart, where some have none.</summary>
    public NaTensor* Split()
    {
        if (ActiveCount == Count)
            return All;

        int active = 0, passive = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (IsActive(i))
                Active[active++] = All[i];
            else
                Passive[passive++] = All[i];
        }

        return Active;
    }

    public void Dispose() => _memory.Dispose();
}
