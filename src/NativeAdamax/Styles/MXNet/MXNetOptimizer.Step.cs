using NativeAdamax.Dialects;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Styles.MXNet;

/// <content>The step over the caller's memory.</content>
public sealed unsafe partial class MXNetOptimizer
{
    /// <summary>One step of one weight.</summary>
    /// <inheritdoc cref="Step(ReadOnlySpan{int}, ReadOnlySpan{NDArray}, ReadOnlySpan{NDArray},
    /// ReadOnlySpan{MXNetState})"/>
    public void Step(int index, NDArray weight, NDArray gradient, MXNetState state) =>
        Step([index], [weight], [gradient], [state]);

    /// <summary>One step of several weights. The gradients are left as they are, unlike MXNet's.</summary>
    /// <param name="indices">By which the weights are counted; each once.</param>
    /// <param name="weights">Updated in place; of float16 with a float32 copy in their states.</param>
    /// <param name="gradients">As long as the weights; float32 or float16.</param>
    /// <param name="states">Updated in place.</param>
    /// <exception cref="ArgumentNullException">A state is null.</exception>
    /// <exception cref="ArgumentException">
    /// The lists or the lengths of one weight differ, an index stands there twice, or memory overlaps or is not aligned
    /// to its elements, or a weight in float16 has no float32 copy. Nothing has been changed then.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">This has been disposed.</exception>
    public void Step(
        ReadOnlySpan<int> indices,
        ReadOnlySpan<NDArray> weights,
        ReadOnlySpan<NDArray> gradients,
        ReadOnlySpan<MXNetState> states)
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        ObjectDisposedException.ThrowIf(_disposed, this);
        RefuseLists(indices, weights, gradients, states);
        using Pins pins = new();
        _pass.Begin(indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            NaTensor tensor = new()
            {
                w = (states[i].Master ?? weights[i]).Pin(pins),
                m = states[i].Mean.Pin(pins),
                v = states[i].Variance.Pin(pins),
                count = (ulong)weights[i].Length,
            };
            _pass.Add(tensor, gradients[i].Keep(pins), weights[i].IsFloat16 ? weights[i].Keep(pins) : default);
        }

        _pass.RefuseSharedMemory();
        double rate = CountAndRate(indices);
        for (int i = 0; i < indices.Length; i++)
        {
            Count count = CountsHere[indices[i]];
            StepRates rates = new(rate * _lrMult[indices[i]], null) { DecayFactor = _wdMult[indices[i]] };
            _pass.SetRow(i, _recipe.At(rates, count.Steps, count.Product) with { GradScale = RescaleGrad });
        }

        _pass.Run(_recipe.Algorithm == Algorithm.Adamax ? KernelOp.Adamax : KernelOp.Adam);
    }

    private Dictionary<int, Count> CountsHere =>
        _counts.TryGetValue(_device, out Dictionary<int, Count>? counts) ? counts : _counts[_device] = [];

    /// <summary>All weights are counted first: the scheduler sees the largest count with this step in it.</summary>
    private double CountAndRate(ReadOnlySpan<int> indices)
    {
        Dictionary<int, Count> counts = CountsHere;
        long largest = NumUpdate;
        foreach (int index in indices)
            largest = Math.Max(largest, counts.GetValueOrDefault(index, new Count(_begin, 1)).Steps + 1);
        double rate = Check.LearningRate(Options.LearningRate!.At(largest));
        foreach (int index in indices)
        {
            Count before = counts.GetValueOrDefault(index, new Count(_begin, 1));
            long steps = before.Steps + 1;
            counts[index] = new Count(steps, _recipe.NextProduct(before.Product, steps, new StepRates(rate, null)));
        }

        NumUpdate = largest;
        return rate;
    }

    private static void RefuseLists(
        ReadOnlySpan<int> indices,
        ReadOnlySpan<NDArray> weights,
        ReadOnlySpan<NDArray> gradients,
        ReadOnlySpan<MXNetState> states)
    {
        RefuseCount(weights.Length, indices.Length, nameof(weights));
        RefuseCount(gradients.Length, indices.Length, nameof(gradients));
        RefuseCount(states.Length, indices.Length, nameof(states));
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[..i].Contains(indices[i]))
                throw new ArgumentException($"Index {indices[i]} stands there twice.", nameof(indices));
            ArgumentNullException.ThrowIfNull(states[i], nameof(states));
            RefuseLength(gradients[i].Length, weights[i].Length, "gradient", indices[i], nameof(gradients));
            RefuseLength(states[i].Mean.Length, weights[i].Length, "mean", indices[i], nameof(states));
            RefuseLength(states[i].Variance.Length, weights[i].Length, "variance", indices[i], nameof(states));
            if (WrongMaster(weights[i], states[i], indices[i]) is { } why)
                throw new ArgumentException(why, nameof(states));
            RefuseLength((states[i].Master ?? weights[i]).Length, weights[i].Length, "float32 copy", indices[i], nameof(states));
        }
    }

    /// <summary>Null: a weight has a float32 copy where it is float16, and only there.</summary>
    private static string? WrongMaster(NDArray weight, MXNetState state, int index) => (weight.IsFloat16, state) switch
    {
        (_, { Mean.IsFloat16: true } or { Variance.IsFloat16: true } or { Master.IsFloat16: true }) =>
            $"The state of index {index} is not float32.",
        (true, { Master: null }) =>
            $"The weight of index {index} is float16, and its state has no float32 copy: make it with "
            + $"{nameof(CreateStateMultiPrecision)}.",
        (false, { Master: not null }) => $"The weight of index {index} is float32, and its state has a copy of another.",
        _ => null,
    };

    private static void RefuseLength(long length, long expected, string what, int index, string name)
    {
        if (length != expected)
        {
            throw new ArgumentException(
                $"The {what} of index {index} has {length} elements, its weight {expected}.", name);
        }
    }

    private static void RefuseCount(int count, int expected, string name)
    {
        if (count != expected)
            throw new ArgumentException($"There are {count} {name} for {expected} indices.", name);
    }
}
