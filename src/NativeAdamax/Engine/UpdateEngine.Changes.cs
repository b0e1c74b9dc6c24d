using System.Numerics.Tensors;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <content>Steps whose changes are wanted, or measured, before the weights move.</content>
internal sealed unsafe partial class UpdateEngine
{
    private bool _keepsWeights;
    private Streams? _changes;
    private Streams? _moved;

    /// <summary>
    /// The same as <see cref="Step"/>, but the weights and averages stay, and the changes go end to end to where the
    /// caller wants them; nothing where nothing is to change.
    /// </summary>
    public StepOutcome StepInto(ReadOnlySpan<StepRates> rates, in StepRequest request, Span<float> changes)
    {
        fixed (float* start = changes)
        {
            float* next = start;
            for (int i = 0; i < _slots.Length; i++)
            {
                _tensors.All[i].d = next;
                next += _slots[i].Count;
            }

            _keepsWeights = true;
            try
            {
                return Step(rates, request);
            }
            finally
            {
                _keepsWeights = false;
                for (int i = 0; i < _slots.Length; i++)
                    _tensors.All[i].d = null;
            }
        }
    }

    /// <summary>
    /// The step with each tensor's change held back to a part of its weights' norm: first the changes, then two norms, then
    /// the weights, w = w + coefficient * d. Norms that are 0 or not finite hold nothing back.
    /// </summary>
    /// <returns>The smallest coefficient.</returns>
    private double RunHeldBack(NaTensor* list, int rows, double most)
    {
        _changes ??= new Streams(_slots, [StreamPlace.D]);
        for (int i = 0; i < Updated && !_keepsWeights; i++)
            list[i].d = _changes.Of(StreamPlace.D, _tensors.ActiveIndex(i)).Floats;
        Run(_op, list, Updated, rows);

        NaTensor* moved = _tensors.Scratch;
        for (int i = 0; i < Updated; i++)
            moved[i] = new NaTensor { g = Movable(_tensors.ActiveIndex(i)), count = list[i].count };
        Measure(moved);
        for (int i = 0; i < Updated; i++)
        {
            _scales[i] = Math.Sqrt(_norms![i]);
            moved[i].s = moved[i].g;
            moved[i].g = list[i].d;
        }

        Measure(moved);
        double smallest = 1;
        for (int i = 0; i < Updated; i++)
        {
            double allowed = most * _scales[i], change = Math.Sqrt(_norms![i]);
            double coefficient = allowed > 0 && double.IsFinite(change) && change > allowed ? allowed / change : 1;
            smallest = Math.Min(smallest, coefficient);
            _tensors.Scalars[i] = new StepScalars { GradScale = coefficient }.ToNative();
            moved[i].row = (uint)i;
            if (_keepsWeights)
                Scale(list[i].d, list[i].count, (float)coefficient);
            else
                list[i].d = null;
        }

        if (_keepsWeights)
            return smallest;
        Run(KernelOp.Accumulate, moved, Updated, Updated);
        for (int i = 0; i < Updated; i++)
        {
            int tensor = _tensors.ActiveIndex(i);
            float* packed = _slots[tensor].Weights.IsPacked ? moved[i].s : null;
            Store(tensor, packed, RandomKey.OfUpdate(_counts[tensor] - 1));
        }

        if (_average is not null)
            AverageOnly(list, Updated);
        return smallest;
    }

    /// <summary>The weights of a tensor where they are floats, or a copy in floats.</summary>
    private float* Movable(int tensor)
    {
        TensorSlot slot = _slots[tensor];
        if (!slot.Weights.IsPacked)
            return slot.W;
        _moved ??= new Streams(_slots, [StreamPlace.W]);
        Kept floats = _moved.Of(StreamPlace.W, tensor);
        StreamCopy.Run(_backend, slot.Weights, floats, slot.Count);
        return floats.Floats;
    }

    private static void Scale(float* values, ulong count, float factor)
    {
        for (ulong at = 0; at < count; at += int.MaxValue)
        {
            var span = new Span<float>(values + at, (int)Math.Min(int.MaxValue, count - at));
            TensorPrimitives.Multiply(span, factor, span);
        }
    }
}
