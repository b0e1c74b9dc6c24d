using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <content>Weights as floats for what is not done in the step's one pass, and back to where they are kept.</content>
internal sealed unsafe partial class UpdateEngine
{
    private AlignedMemory? _weights;
    private ulong _room;

    /// <summary>The weights of a tensor where they are floats, or a copy in floats, until those of another are asked for.</summary>
    public float* FloatWeights(int tensor)
    {
        TensorSlot slot = _slots[tensor];
        if (!slot.Weights.IsPacked)
            return slot.W;
        if (_weights is null || _room < slot.Count)
        {
            _weights?.Dispose();
            _weights = AlignedMemory.Allocate(StreamFormat.DataBytes(StreamFormat.Float32, slot.Count));
            _room = slot.Count;
        }

        float* floats = (float*)_weights.Pointer;
        StreamCopy.Run(_backend, slot.Weights, Kept.Of(floats), slot.Count);
        return floats;
    }

    /// <summary>What became of <see cref="FloatWeights"/>, back to the tensor, and to the model's copy of it.</summary>
    /// <param name="tensor">Its number.</param>
    /// <param name="calls">Calls so far, with the one whose end this is.</param>
    public void StoreWeights(int tensor, long calls) =>
        Store(tensor, _slots[tensor].Weights.IsPacked ? (float*)_weights!.Pointer : null, RandomKey.OfCall(calls));

    /// <summary>Rounds the weights of a tensor anew to the model's copy, if it has one.</summary>
    public void StoreCopy(int tensor) => Store(tensor, null, 0);

    /// <summary>State of a tensor as floats.</summary>
    public void CopyTo(StreamPlace place, int tensor, float* floats) =>
        StreamCopy.Run(_backend, Of(place, tensor), Kept.Of(floats), _slots[tensor].Count);

    /// <summary>State of a tensor from floats, rounded to nearest to how it is kept.</summary>
    public void SetFrom(StreamPlace place, int tensor, float* floats) =>
        StreamCopy.Run(_backend, Kept.Of(floats), Of(place, tensor).ToNearest(), _slots[tensor].Count);

    /// <param name="tensor">Its number.</param>
    /// <param name="floats">Its weights; null: they are where they are kept.</param>
    /// <param name="step">What random rounding is keyed by.</param>
    private void Store(int tensor, float* floats, ulong step)
    {
        TensorSlot slot = _slots[tensor];
        NaPacking* packing = _tensors.Packing(tensor);
        RandomKey key = new(packing->seed, step, packing->tensor);
        if (floats is not null)
            StreamCopy.Run(_backend, Kept.Of(floats), slot.Weights, slot.Count, slot.Copy, key);
        else if (slot.Copy.IsThere)
            StreamCopy.Run(_backend, slot.Weights, slot.Copy, slot.Count);
    }
}
