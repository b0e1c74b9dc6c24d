using System.Runtime.InteropServices;

namespace NativeAdamax.Engine;

/// <summary>A whole gradient that holds a row gradient, and zero elsewhere.</summary>
internal sealed unsafe class DenseRows(ulong count) : IDisposable
{
    private readonly AlignedMemory _memory = AlignedMemory.Allocate(checked((nuint)count * sizeof(float)));
    private int[] _held = [];
    private int _count;
    private int _width;

    /// <summary>The whole gradient of these rows, until the next ones.</summary>
    public float* Scatter(RowGradient gradient)
    {
        float* whole = (float*)_memory.Pointer;
        for (int i = 0; i < _count; i++)
            NativeMemory.Clear(whole + (long)_held[i] * _width, (nuint)_width * sizeof(float));

        _count = 0;
        if (gradient.Count > _held.Length)
            _held = GC.AllocateUninitializedArray<int>(Math.Max(gradient.Count, 2 * _held.Length));
        gradient.Rows.CopyTo(_held);
        _count = gradient.Count;
        _width = gradient.Width;
        long bytes = (long)_width * sizeof(float);
        for (int i = 0; i < _count; i++)
            Buffer.MemoryCopy(gradient.Values + (long)i * _width, whole + (long)_held[i] * _width, bytes, bytes);
        return whole;
    }

    public void Dispose() => _memory.Dispose();
}
