using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Interop;

namespace NativeAdamax.Engine;

/// <summary>The moving averages of the weights of a list of tensors, and how far they have come.</summary>
internal sealed unsafe class AverageState : IDisposable
{
    private readonly TensorSlot[] _slots;
    private readonly Streams _averages;
    private readonly double _momentum;
    private readonly AverageStart _start;

    public AverageState(TensorSlot[] slots, double momentum, AverageStart start)
    {
        _slots = slots;
        _momentum = momentum;
        _start = start;
        _averages = new Streams(slots, 1);
        if (start == AverageStart.WeightsAtConstruction)
        {
            for (int i = 0; i < slots.Length; i++)
                Buffer.MemoryCopy(slots[i].W, Of(i), slots[i].Count * sizeof(float), slots[i].Count * sizeof(float));
        }
    }

    public long Updates { get; private set; }

    /// <summary>Whether the averages are averages, and not the zeros before the first update.</summary>
    public bool HasValues => Updates > 0 || _start == AverageStart.WeightsAtConstruction;

    public float* Of(int tensor) => _averages.Of(0, tensor);

    /// <summary>1 - momentum; 1 where the next update is to copy the weights over zeros.</summary>
    public double NextRate() => Updates == 0 && _start == AverageStart.CopyAtFirstUpdate ? 1 : 1 - _momentum;

    public void Advance() => Updates++;

    /// <summary>Averages in a pass of its own, for weights that no optimizer of ours moves.</summary>
    public void Update(KernelBackend backend, TensorList tensors, Parts parts, PartRunner runner)
    {
        tensors.Scalars[0] = new StepScalars { Ema = NextRate() }.ToNative();
        parts.Cut(backend, tensors.Scalars, 1, tensors.All, tensors.Count, parts.Most);
        int status = runner.Run(backend, KernelOp.Ema, parts);
        if (status != NativeMethods.NA_OK)
            throw new InvalidOperationException($"The kernel refused a job of its own engine with status {status}.");
        Advance();
    }

    /// <summary>Exchanges the weights and their averages, bit for bit, of all parameters that are still there.</summary>
    public void Exchange()
    {
        const int chunk = 1024;
        Span<float> held = stackalloc float[chunk];
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].IsDisposed)
                continue;
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
