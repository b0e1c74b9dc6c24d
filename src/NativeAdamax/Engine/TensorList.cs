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
    private readonly bool[] _takesPart;
    private readonly NaPacking* _packings;
    private bool _packsGradients;

    /// <param name="slots">Weights and gradients.</param>
    /// <param name="extraRows">Rows of scalars beside one a tensor.</param>
    /// <param name="seed">Of random rounding.</param>
    public TensorList(TensorSlot[] slots, int extraRows, ulong seed = 0)
    {
        _slots = slots;
        _active = new int[slots.Length];
        _passive = new int[slots.Length];
        _takesPart = new bool[slots.Length];
        Rows = slots.Length + extraRows;
        nuint tensors = AlignedMemory.RoundUp((nuint)slots.Length * (nuint)sizeof(NaTensor), AlignedMemory.Line);
        nuint scalars = (nuint)Rows * (nuint)sizeof(NaScalars);
        _memory = AlignedMemory.Allocate(4 * tensors + scalars + (nuint)slots.Length * (nuint)sizeof(NaPacking));
        All = (NaTensor*)_memory.Pointer;
        Active = (NaTensor*)(_memory.Pointer + tensors);
        Passive = (NaTensor*)(_memory.Pointer + 2 * tensors);
        Scratch = (NaTensor*)(_memory.Pointer + 3 * tensors);
        Scalars = (NaScalars*)(_memory.Pointer + 4 * tensors);
        _packings = (NaPacking*)(_memory.Pointer + 4 * tensors + scalars);
        for (int i = 0; i < slots.Length; i++)
        {
            All[i] = new NaTensor { count = slots[i].Count };
            (_packings[i].seed, _packings[i].tensor) = (seed, (ulong)i);
            Place(i, StreamPlace.W, slots[i].Weights);
            Place(i, StreamPlace.Copy, slots[i].Copy);
        }
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
        bool rows = false, constrained = false, packed = false;
        for (int i = 0; i < _slots.Length; i++)
        {
            TensorSlot slot = _slots[i];
            slot.ThrowIfUnusable();
            float* gradient = slot.IsFrozen ? null : slot.G;
            All[i].g = gradient;
            if (_packsGradients || slot.PacksGradient)
                Place(i, StreamPlace.G, slot.IsFrozen ? default : slot.Gradient);
            bool takesPart = gradient is not null || (!slot.IsFrozen && (slot.PacksGradient || slot.Count == 0));
            _takesPart[i] = takesPart;
            active += takesPart ? 1 : 0;
            rows |= slot.HasRows;
            constrained |= slot.IsConstrained;
            packed |= slot.PacksGradient;
        }

        _packsGradients = packed;
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
            SetGradient(i, _slots[i].IsFrozen ? default : Kept.Of(gradients));
            gradients += _slots[i].Count;
            active += _takesPart[i] ? 1 : 0;
        }

        ActiveCount = active;
    }

    /// <summary>Gives a tensor without a gradient one, until they are read anew.</summary>
    public void Adopt(int i, float* gradient)
    {
        SetGradient(i, Kept.Of(gradient));
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

    public bool IsActive(int i) => _takesPart[i];

    /// <summary>Says where a stream of a tensor is. Without data: nowhere.</summary>
    public void Place(int i, StreamPlace place, Kept kept)
    {
        NaTensor* tensor = All + i;
        NaPacking* packing = _packings + i;
        (&packing->w)[(int)place] = kept.Packed;
        if (place != StreamPlace.Copy)
            (&tensor->w)[(int)place] = kept.Floats;
        tensor->packing = IsUsed(packing) ? packing : null;
    }

    /// <summary>What random rounding of a tensor is keyed by, and where its packed streams are.</summary>
    public NaPacking* Packing(int i) => _packings + i;

    /// <summary>Where a stream of a tensor is, also in a copy of it in a list.</summary>
    public static Kept At(NaTensor* tensor, StreamPlace place)
    {
        NaPacked packed = tensor->packing is null ? default : (&tensor->packing->w)[(int)place];
        return packed.data is not null ? new Kept(packed.format, packed.data, packed.beside, packed.book)
            : place == StreamPlace.Copy ? default
            : Kept.Of((&tensor->w)[(int)place]);
    }

    /// <summary>Whether a stream of a tensor that is kept from step to step is packed.</summary>
    public bool KeepsPacked(int i)
    {
        for (StreamPlace place = 0; place <= StreamPlace.Copy; place++)
        {
            if (place != StreamPlace.G && (&_packings[i].w)[(int)place].data is not null)
                return true;
        }

        return false;
    }

    /// <summary>Gives a tensor of a list another gradient, in floats, until they are read anew.</summary>
    public static void Substitute(NaTensor* tensor, float* gradient)
    {
        tensor->g = gradient;
        if (tensor->packing is null || tensor->packing->g.data is null)
            return;
        tensor->packing->g = default;
        tensor->packing = IsUsed(tensor->packing) ? tensor->packing : null;
    }

    /// <summary>The number, among all tensors, of one with a gradient.</summary>
    public int ActiveIndex(int i) => ActiveCount == Count ? i : _active[i];

    /// <summary>The number, among all tensors, of one without a gradient.</summary>
    public int PassiveIndex(int i) => _passive[i];

    /// <summary>The tensors with a gradient: all of them as they stand, or copies apart from those without.</summary>
    public NaTensor* Split() => ActiveCount == Count ? All : SplitCopy();

    /// <summary>One tensor alone, with this gradient.</summary>
    public NaTensor* Only(int i, Kept gradient)
    {
        SetGradient(i, gradient);
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
            SetGradient(i, !set[i] ? default : _slots[i].HasRows ? Kept.Of(_slots[i].Rows!.Values) : _slots[i].Gradient);
            ActiveCount += _takesPart[i] ? 1 : 0;
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

    private static bool IsUsed(NaPacking* packing)
    {
        for (int place = 0; place <= (int)StreamPlace.Copy; place++)
        {
            if ((&packing->w)[place].data is not null)
                return true;
        }

        return false;
    }

    private void SetGradient(int i, Kept gradient)
    {
        Place(i, StreamPlace.G, gradient);
        _packsGradients |= gradient.IsPacked;
        _takesPart[i] = gradient.IsThere || (All[i].count == 0 && !_slots[i].IsFrozen);
    }
}
