using System.Numerics.Tensors;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <content>Steps whose changes are wanted, or measured, before the weights move.</content>
internal sealed unsafe partial class UpdateEngine
{
    private bool _keepsWeights;
    private Streams? _changes;

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
        _changes ??= new Streams(_slots, 1);
        for (int i = 0; i < Updated && !_keepsWeights; i++)
            list[i].d = _changes.Of(0, _tensors.ActiveIndex(i));
        Run(_op, list, Updated, rows);

        NaTensor* moved = _tensors.Scratch;
        for (int i = 0; i < Updated; i++)
            moved[i] = new NaTensor { g = list[i].w, count = list[i].count };
        Measure(moved);
        for (int i = 0; i < Updated; i++)
        {
            _scales[i] = Math.Sqrt(_norms![i]);
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
            moved[i] = moved[i] with { s = list[i].w, row = (uint)i };
            if (_keepsWeights)
                Scale(list[i].d, list[i].count, (float)coefficient);
            else
                list[i].d = null;
        }

        if (_keepsWeights)
            return smallest;
        Run(KernelOp.Accumulate, moved, Updated, Updated);
        if (_average is not null)
            AverageOnly(list, Updated);
        return smallest;
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
