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
internal sealed class AverageState : IDisposable
{
    private readonly KernelBackend _backend;
    private readonly TensorSlot[] _slots;
    private readonly StatePrecision _precision;
    private readonly Streams _averages;
    private readonly double _momentum;
    private readonly AverageStart _start;
    private readonly AverageForm _form;

    private HeldWeights? _held;

    public AverageState(
        KernelBackend backend, TensorSlot[] slots, double momentum, AverageStart start, AverageForm form,
        StatePrecision precision, string? folder)
    {
        _backend = backend;
        _slots = slots;
        _precision = precision;
        _momentum = momentum;
        _start = start;
        _form = form;
        _averages = new Streams(
            slots, [StreamPlace.A], (place, count) => StreamFormat.Of(precision.Average, place, count, 0), folder);
        for (int i = 0; start == AverageStart.WeightsAtConstruction && i < slots.Length; i++)
            Begin(i);
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

    public Kept Of(int tensor) => _averages.Of(StreamPlace.A, tensor);

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
            if (i < before._slots.Length)
                before.Of(i).CopyTo(Of(i), _slots[i].Count);
            else
                Begin(i);
        }
    }

    /// <summary>Averages in a pass of its own, for weights that no optimizer of ours moves.</summary>
    public unsafe void Update(TensorList tensors, Parts parts, PartRunner runner)
    {
        tensors.Scalars[0] = new StepScalars { Ema = NextRate() }.ToNative();
        for (int i = 0; i < tensors.Count; i++)
            tensors.Packing(i)->step = RandomKey.OfAverage(Updates);
        parts.Cut(_backend, tensors.Scalars, 1, tensors.All, tensors.Count, parts.Most);
        Status.Check(runner.Run(_backend, KernelOp.Ema, parts));
        Advance(isUpdate: true);
    }

    /// <summary>Makes the weights of a tensor its average, rounded to nearest where they are kept in fewer bits.</summary>
    public void Overwrite(int tensor)
    {
        TensorSlot slot = _slots[tensor];
        StreamCopy.Run(_backend, Of(tensor), slot.Weights.ToNearest(), slot.Count, slot.Copy);
    }

    /// <summary>An average as floats.</summary>
    public unsafe void CopyTo(int tensor, float* floats) =>
        StreamCopy.Run(_backend, Of(tensor), Kept.Of(floats), _slots[tensor].Count);

    /// <summary>
    /// Exchanges the weights and their averages of all parameters that are still there; once more, and all is as before,
    /// bit for bit. Weights that are not plain floats, or whose average is not, are put aside meanwhile.
    /// </summary>
    public void Exchange()
    {
        _held ??= new HeldWeights(_slots, i => !IsExact(i));
        bool isBack = false;
        for (int i = 0; i < _slots.Length; i++)
        {
            TensorSlot slot = _slots[i];
            isBack |= slot.IsSwapped;
            if (slot.IsDisposed)
                continue;
            slot.IsSwapped = !slot.IsSwapped;
            if (IsExact(i))
                Exchange(slot, Of(i));
            else if (slot.IsSwapped)
                PutAside(i);
            else
                _held.GiveBack(i);
        }

        if (!isBack)
            return;
        _held.Dispose();
        _held = null;
    }

    public void Dispose()
    {
        _averages.Dispose();
        _held?.Dispose();
    }

    private static unsafe void Exchange(TensorSlot slot, Kept average)
    {
        const int chunk = 1024;
        Span<float> held = stackalloc float[chunk];
        for (ulong at = 0; at < slot.Count; at += chunk)
        {
            int n = (int)Math.Min(chunk, slot.Count - at);
            var w = new Span<float>(slot.W + at, n);
            var a = new Span<float>(average.Floats + at, n);
            w.CopyTo(held);
            a.CopyTo(w);
            held[..n].CopyTo(a);
        }
    }

    private bool IsExact(int tensor) => _slots[tensor].IsPlain && !Of(tensor).IsPacked;

    private void PutAside(int tensor)
    {
        _held!.Take(tensor);
        Overwrite(tensor);
    }

    /// <summary>The average of a tensor begins with its weights.</summary>
    private void Begin(int tensor) => StreamCopy.Run(
        _backend, _slots[tensor].Weights, Of(tensor), _slots[tensor].Count,
        key: new RandomKey(_precision.Seed, 0, (ulong)tensor));
}
