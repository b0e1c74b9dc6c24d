using System.Buffers;

namespace NativeAdamax.Styles;

/// <summary>Memory held in place for the length of a call.</summary>
internal sealed unsafe class Pins : IDisposable
{
    private readonly List<MemoryHandle> _handles = [];

    public float* Of(Memory<float> memory) => (float*)Of(memory.Pin());

    public Half* Of(Memory<Half> memory) => (Half*)Of(memory.Pin());

    private void* Of(MemoryHandle handle)
    {
        _handles.Add(handle);
        return handle.Pointer;
    }

    public void Dispose()
    {
        foreach (MemoryHandle handle in _handles)
            handle.Dispose();
    }
}
