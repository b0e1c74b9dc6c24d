using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>The parameters of an optimizer or an average, each once, and their numbers.</summary>
internal sealed unsafe class ParameterIndex
{
    private readonly Dictionary<Parameter, int> _numbers;

    /// <exception cref="ArgumentException">A parameter stands there twice, or two share memory.</exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public ParameterIndex(IReadOnlyList<Parameter> parameters)
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

        RefuseSharedMemory(parameters);
    }

    /// <exception cref="ArgumentException">The parameter is not registered here.</exception>
    public int this[Parameter parameter] => _numbers.TryGetValue(parameter, out int i)
        ? i
        : throw new ArgumentException($"Parameter {parameter.Name} is not registered here.", nameof(parameter));

    /// <summary>Threads would write the same weights.</summary>
    private static void RefuseSharedMemory(IReadOnlyList<Parameter> parameters)
    {
        TensorSlot[] byAddress = [.. parameters.Select(p => p.Slot).Where(s => s.Count > 0)];
        Array.Sort(byAddress, (a, b) => ((nuint)a.W).CompareTo((nuint)b.W));
        for (int i = 1; i < byAddress.Length; i++)
        {
            TensorSlot before = byAddress[i - 1];
            if (before.W + before.Count > byAddress[i].W)
            {
                throw new ArgumentException(
                    $"Parameters {before.Name} and {byAddress[i].Name} share memory.", nameof(parameters));
            }
        }
    }
}
