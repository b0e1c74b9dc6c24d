using System.Runtime.InteropServices;

namespace NativeAdamax.Tests.Documents;

/// <summary>Zeroed floats outside the garbage collector's heap.</summary>
internal unsafe class NativeFloats(int count) : IDisposable
{
    private void* _memory = NativeMemory.AllocZeroed((nuint)count, sizeof(float));

    protected Span<float> Elements => new(_memory, count);

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }
}

/// <summary>What the examples use of a tensor of TorchSharp.</summary>
internal sealed class Tensor : NativeFloats
{
    private readonly int _count;
    private readonly bool _isBFloat16;
    private readonly Linear? _lossOf;

    public Tensor(int count, bool isBFloat16 = false)
        : base(count)
    {
        _count = count;
        _isBFloat16 = isBFloat16;
    }

    /// <summary>A loss, whose gradient is 1 everywhere.</summary>
    public Tensor(Linear lossOf)
        : this(1) => _lossOf = lossOf;

    public Span<byte> bytes => MemoryMarshal.AsBytes(Elements)[..(_count * (_isBFloat16 ? 2 : 4))];

    public Tensor? grad { get; set; }

    public long numel() => _count;

    public Tensor zero_()
    {
        Elements.Clear();
        return this;
    }

    /// <summary>A new tensor at every call, as where the old gradient was taken away.</summary>
    public void backward()
    {
        Tensor weight = _lossOf!.weight;
        weight.grad?.Dispose();
        weight.grad = new Tensor(weight._count, weight._isBFloat16);
        weight.grad.Fill(1);
        Dispose();
    }

    public void Fill(float value)
    {
        if (_isBFloat16)
            MemoryMarshal.Cast<byte, BFloat16>(bytes).Fill((BFloat16)value);
        else
            Elements.Fill(value);
    }
}

/// <summary>What the examples use of a layer of TorchSharp.</summary>
internal sealed class Linear : IDisposable
{
    public Linear(int count, bool isBFloat16 = false)
    {
        weight = new Tensor(count, isBFloat16);
        weight.Fill(1);
    }

    public Tensor weight { get; }

    public void Dispose()
    {
        weight.grad?.Dispose();
        weight.Dispose();
    }
}

/// <summary>ONNX Runtime's binary16.</summary>
internal readonly record struct Float16(ushort value);

/// <summary>What the examples use of a value of ONNX Runtime.</summary>
internal sealed class OrtValue(int count) : NativeFloats(count)
{
    public Span<T> GetTensorMutableDataAsSpan<T>()
        where T : unmanaged => MemoryMarshal.Cast<float, T>(Elements);
}
