using System.Runtime.InteropServices;

namespace NativeAdamax.Engine;

/// <summary>The bits of weights, and of the model's copies of them, put aside for a while.</summary>
internal sealed unsafe class HeldWeights : IDisposable
{
    private readonly TensorSlot[] _slots;
    private readonly AlignedMemory _memory;
    private readonly nuint[] _starts;

    /// <param name="slots">Whose weights.</param>
    /// <param name="isHeld">Which of them will be put aside.</param>
    public HeldWeights(TensorSlot[] slots, Predicate<int> isHeld)
    {
        _slots = slots;
        _starts = new nuint[slots.Length];
        nuint bytes = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            _starts[i] = bytes;
            if (isHeld(i))
                bytes = checked(bytes + BytesOf(slots[i]));
        }

        _memory = AlignedMemory.Allocate(bytes);
    }

    public void Take(int tensor) => Move(tensor, isBack: false);

    public void GiveBack(int tensor) => Move(tensor, isBack: true);

    public void Dispose() => _memory.Dispose();

    private static nuint BytesOf(TensorSlot slot) => checked(
        DataBytes(slot.Weights, slot.Count) + BesideBytes(slot.Weights, slot.Count) + DataBytes(slot.Copy, slot.Count));

    private static nuint DataBytes(Kept kept, ulong count) =>
        kept.IsThere ? StreamFormat.DataBytes(kept.Format, count) : 0;

    private static nuint BesideBytes(Kept kept, ulong count) => StreamFormat.BesideBytes(kept.Format, count);

    private void Move(int tensor, bool isBack)
    {
        TensorSlot slot = _slots[tensor];
        byte* held = _memory.Pointer + _starts[tensor];
        Move(ref held, slot.Weights.Data, DataBytes(slot.Weights, slot.Count), isBack);
        Move(ref held, slot.Weights.Beside, BesideBytes(slot.Weights, slot.Count), isBack);
        Move(ref held, slot.Copy.Data, DataBytes(slot.Copy, slot.Count), isBack);
    }

    private static void Move(ref byte* held, void* there, nuint bytes, bool isBack)
    {
        NativeMemory.Copy(isBack ? held : there, isBack ? there : held, bytes);
        held += bytes;
    }
}
