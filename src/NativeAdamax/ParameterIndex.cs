using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>The parameters of an optimizer or an average, each once, and their numbers.</summary>
internal sealed unsafe class ParameterIndex
{
    private readonly Dictionary<Parameter, int> _numbers;

    /// <exception cref="ArgumentException">A parameter stands there twice, or two share memory.</exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public ParameterIndex(IReadOnlyList<Parameter> parameters, bool zeroesGradients = false)
    {
        _numbers = new Dictionary<Parameter, int>(parameters.Count);
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Slot.ThrowIfDisposed();
            if (!_numbers.TryAdd(parameters[i], i))
            {
                throw new ArgumentException(
                    $"Parameter {parameters[i].Name} is registered twice, at {_numbers[parameters[i]]} and {i}.",
                    nameof(parameters));
            }
        }

        RefuseSharedMemory(parameters, zeroesGradients);
    }

    /// <exception cref="ArgumentException">The parameter is not registered here.</exception>
    public int this[Parameter parameter] => _numbers.TryGetValue(parameter, out int i)
        ? i
        : throw new ArgumentException($"Parameter {parameter.Name} is not registered here.", nameof(parameter));

    /// <summary>Keeps the memory of all parameters until <see cref="Release"/>.</summary>
    public void Hold()
    {
        foreach (Parameter parameter in _numbers.Keys)
            parameter.Hold();
    }

    public void Release()
    {
        foreach (Parameter parameter in _numbers.Keys)
            parameter.Release();
    }

    /// <summary>
    /// Threads would write the same weights, or write weights that another reads as its gradient, or zero a gradient
    /// that another has yet to read.
    /// </summary>
    private static void RefuseSharedMemory(IReadOnlyList<Parameter> parameters, bool zeroesGradients)
    {
        List<(nuint Start, nuint End, bool IsGradient, string Name)> ranges = [];
        foreach (TensorSlot slot in parameters.Select(p => p.Slot).Where(s => s.Count > 0))
        {
            Add(slot.Weights, slot, false);
            Add(slot.Copy, slot, false);
            Add(slot.Gradient, slot, true);
        }

        ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        (nuint End, string Name) weights = (0, ""), gradients = (0, "");
        foreach ((nuint start, nuint end, bool isGradient, string name) in ranges)
        {
            if (start < weights.End)
                throw Shared(weights.Name, name);
            if (start < gradients.End && (!isGradient || zeroesGradients))
                throw Shared(gradients.Name, name);
            if (isGradient && end > gradients.End)
                gradients = (end, name);
            if (!isGradient)
                weights = (end, name);
        }

        void Add(Kept kept, TensorSlot slot, bool isGradient)
        {
            if (kept.IsThere)
            {
                nuint start = (nuint)kept.Data, bytes = StreamFormat.DataBytes(kept.Format, slot.Count);
                ranges.Add((start, start + bytes, isGradient, slot.Name));
            }
        }

        static ArgumentException Shared(string a, string b) =>
            new($"Parameters {a} and {b} share memory of weights or gradients.", nameof(parameters));
    }
}
