using NativeAdamax.Backends;
using NativeAdamax.Dialects;

namespace NativeAdamax.Engine;

/// <summary>How the rate of a moving average begins.</summary>
internal enum AverageForm
{
    /// <summary>1 - momentum.</summary>
    Constant,

    /// <summary>(1 - momentum) / (1 - momentum^n): the average from zeros, freed of their share.</summary>
    Debiased,

    /// <summary>1 - min(momentum, (1 + n) / (10 + n)), n updates before.</summary>
    WarmUp,
}

/// <summary>The moving averages of the weights of a list of tensors, and how far they have come.</summary>
internal sealed unsafe class AverageState : IDisposable
{
    private readonly TensorSlot[] _slots;
    private readonly Streams _averages;
    private readonly double _momentum;
    private readonly AverageStart _start;
    private readonly AverageForm _form;

    public AverageState(
        TensorSlot[] slots, double momentum, AverageStart start, AverageForm form = AverageForm.Constant,
        string? folder = null)
    {
        _slots = slots;
        _momentum = momentum;
        _start = start;
        _form = form;
        _averages = new Streams(slots, 1, folder);
        if (start == AverageStart.WeightsAtConstruction)
        {
            for (int i = 0; i < slots.Length; i++)
                Buffer.MemoryCopy(slots[i].W, Of(i), slots[i].Count * sizeof(float), slots[i].Count * sizeof(float));
        }
    }

    /// <summary>Moves of the averages so far.</summary>
    public long Updates { get; set; }

    /// <summary>Those of them that came with an update of the weights.</summary>
    public long WeightUpdates { get; set; }

    /// <summary>Every how many updates the weights become their averages; 0: never.</summary>
    public int OverwriteFrequency { get; init; }

    /// <summary>Whether the averages are averages, and not the zeros before the first update.</summary>
    public bool HasValues => Updates > 0 || _start == AverageStart.WeightsAtConstruction;

    /// <summary>
    /// Whether the next move overwrites the weights: where averages move with every call of an accumulation, all calls
    /// of one update do or none.
    /// </summary>
    public bool OverwritesNext => OverwriteFrequency > 0 && (WeightUpdates + 1) % OverwriteFrequency == 0;

    public float* Of(int tensor) => _averages.Of(0, tensor);

    /// <summary>1 - momentum at the next move; 1 where it is to copy the weights over zeros.</summary>
    public double NextRate()
    {
        if (WeightUpdates == 0 && _start == AverageStart.CopyAtFirstUpdate)
            return 1;
        return _form switch
        {
            AverageForm.Debiased => (1 - _momentum) / (1 - FixedMath.Power(_momentum, Updates + 1)),
            AverageForm.WarmUp => 1 - Math.Min(_momentum, (1.0 + Updates) / (10.0 + Updates)),
            _ => 1 - _momentum,
        };
    }

    /// <summary>Counts a move. isUpdate: the weights had moved as well.</summary>
    public void Advance(bool isUpdate)
    {
        Updates++;
        WeightUpdates += isUpdate ? 1 : 0;
    }

    /// <summary>Goes on from the averages of the first tensors; those of the others begin with their weights.</summary>
    public void GoOnFrom(AverageState before)
    {
        Updates = before.Updates;
        WeightUpdates = before.WeightUpdates;
        for (int i = 0; i < _slots.Length; i++)
        {
            float* from = i < before._slots.Length ? before.Of(i) : _slots[i].W;
            Buffer.MemoryCopy(from, Of(i), _slots[i].Count * sizeof(float), _slots[i].Count * sizeof(float));
        }
    }

    /// <summary>Averages in a pass of its own, for weights that no optimizer of ours moves.</summary>
    public void Update(KernelBackend backend, TensorList tensors, Parts parts, PartRunner runner)
    {
        tensors.Scalars[0] = new StepScalars { Ema = NextRate() }.ToNative();
        parts.Cut(backend, tensors.Scalars, 1, tensors.All, tensors.Count, parts.Most);
        Status.Check(runner.Run(backend, KernelOp.Ema, parts));
        Advance(isUpdate: true);
    }

    /// <summary>Makes the weights of a tensor its average.</summary>
    public void Overwrite(int tensor) => Buffer.MemoryCopy(
        Of(tensor), _slots[tensor].W, _slots[tensor].Count * sizeof(float), _slots[tensor].Count * sizeof(float));

    /// <summary>Exchanges the weights and their averages, bit for bit, of all parameters that are still there.</summary>
    public void Exchange()
    {
        const int chunk = 1024;
        Span<float> held = stackalloc float[chunk];
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].IsDisposed)
                continue;
            _slots[i].IsSwapped = !_slots[i].IsSwapped;
            for (ulong at = 0; at < _slots[i].Count; at += chunk)
            {
                int n = (int)Math.Min(chunk, _slots[i].Count - at);
                var w = new Span<float>(_slots[i].W + at, n);
                var a = new Span<float>(Of(i) + at, n);
                w.CopyTo(held);
                a.CopyTo(w);
                held[..n].CopyTo(a);
            }
        }
    }

    public void Dispose() => _averages.Dispose();
}
