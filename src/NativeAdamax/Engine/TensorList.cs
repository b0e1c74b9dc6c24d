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
    private readonly int[] _active;
    private readonly int[] _passive;

    public TensorList(TensorSlot[] slots, int extraRows)
    {
        _slots = slots;
        _active = new int[slots.Length];
        _passive = new int[slots.Length];
        Rows = slots.Length + extraRows;
        nuint tensors = AlignedMemory.RoundUp((nuint)slots.Length * (nuint)sizeof(NaTensor), AlignedMemory.Line);
        _memory = AlignedMemory.Allocate(4 * tensors + (nuint)Rows * (nuint)sizeof(NaScalars));
        All = (NaTensor*)_memory.Pointer;
        Active = (NaTensor*)(_memory.Pointer + tensors);
        Passive = (NaTensor*)(_memory.Pointer + 2 * tensors);
        Scratch = (NaTensor*)(_memory.Pointer + 3 * tensors);
        Scalars = (NaScalars*)(_memory.Pointer + 4 * tensors);
        for (int i = 0; i < slots.Length; i++)
            All[i] = new NaTensor { w = slots[i].W, count = slots[i].Count };
    }

    public int Count => _slots.Length;

    /// <summary>Room for the rows of scalars: one a tensor at most, and the extra ones behind.</summary>
    public int Rows { get; }

    public NaScalars* Scalars { get; }

    public NaTensor* All { get; }

    /// <summary>Copies of the tensors with a gradient.</summary>
    public NaTensor* Active { get; }

    /// <summary>Copies of the tensors without one.</summary>
    public NaTensor* Passive { get; }

    /// <summary>Room for another list of them.</summary>
    public NaTensor* Scratch { get; }

    public int ActiveCount { get; private set; }

    public int PassiveCount => Count - ActiveCount;

    /// <summary>Whether a parameter had rows of a gradient when they were last read.</summary>
    public bool HasRows { get; private set; }

    /// <summary>Whether a parameter had a constraint when the gradients were last read.</summary>
    public bool HasConstraints { get; private set; }

    /// <summary>Reads every parameter's gradient anew.</summary>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public void ReadGradients()
    {
        int active = 0;
        bool rows = false, constrained = false;
        for (int i = 0; i < _slots.Length; i++)
        {
            TensorSlot slot = _slots[i];
            slot.ThrowIfUnusable();
            float* gradient = slot.IsFrozen ? null : slot.G;
            All[i].g = gradient;
            active += gradient is not null || IsActive(i) ? 1 : 0;
            rows |= slot.HasRows;
            constrained |= slot.IsConstrained;
        }

        ActiveCount = active;
        HasRows = rows;
        HasConstraints = constrained;
    }

    /// <summary>Takes the gradients from one buffer in which they lie end to end.</summary>
    public void ReadGradients(float* gradients)
    {
        ReadGradients();
        int active = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            All[i].g = _slots[i].IsFrozen ? null : gradients;
            gradients += _slots[i].Count;
            active += IsActive(i) ? 1 : 0;
        }

        ActiveCount = active;
    }

    /// <summary>Gives a tensor without a gradient one, until they are read anew.</summary>
    public void Adopt(int i, float* gradient)
    {
        All[i].g = gradient;
        ActiveCount++;
    }

    /// <summary>Sets every gradient that there is to zero.</summary>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public void ZeroGradients()
    {
        ReadGradients();
        for (int i = 0; i < Count; i++)
        {
            if (!_slots[i].IsFrozen)
                _slots[i].ZeroGradient();
        }
    }

    public bool IsActive(int i) => All[i].g is not null || (All[i].count == 0 && !_slots[i].IsFrozen);

    /// <summary>The number, among all tensors, of one with a gradient.</summary>
    public int ActiveIndex(int i) => ActiveCount == Count ? i : _active[i];

    /// <summary>The number, among all tensors, of one without a gradient.</summary>
    public int PassiveIndex(int i) => _passive[i];

    /// <summary>The tensors with a gradient: all of them as they stand, or copies apart from those without.</summary>
    public NaTensor* Split() => ActiveCount == Count ? All : SplitCopy();

    /// <summary>One tensor alone, with this gradient.</summary>
    public NaTensor* Only(int i, float* gradient)
    {
        All[i].g = gradient;
        Active[0] = All[i];
        _active[0] = i;
        ActiveCount = 1;
        return Active;
    }

    /// <summary>Takes the gradients from all tensors but those of a set.</summary>
    public void Keep(ReadOnlySpan<bool> set)
    {
        ActiveCount = 0;
        HasConstraints = false;
        for (int i = 0; i < _slots.Length; i++)
        {
            All[i].g = !set[i] ? null : _slots[i].HasRows ? _slots[i].Rows!.Values : _slots[i].G;
            ActiveCount += IsActive(i) ? 1 : 0;
            HasConstraints |= _slots[i].IsConstrained;
        }
    }

    /// <summary>Copies of the tensors with a gradient, and apart from them of those without.</summary>
    public NaTensor* SplitCopy()
    {
        int active = 0, passive = 0;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (IsActive(i))
            {
                _active[active] = i;
                Active[active++] = All[i];
            }
            else
            {
                _passive[passive] = i;
                Passive[passive++] = All[i];
            }
        }

        return Active;
    }

    public void Dispose() => _memory.Dispose();
}
