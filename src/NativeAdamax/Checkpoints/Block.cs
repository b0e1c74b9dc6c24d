using System.Buffers;

namespace NativeAdamax.Checkpoints;

/// <summary>Bytes outside the garbage collector's heap, also more than a span can hold.</summary>
internal readonly record struct Block(nint Address, long Length)
{
    public unsafe Span<byte> Span(long start, int length) => new((byte*)Address + start, length);

    public Memory<byte> Memory(long start, int length) => new Manager(Address + (nint)start, length).Memory;

    public Block Slice(long start, long length) => new(Address + (nint)start, length);

    public unsafe void CopyTo(Block other) => Buffer.MemoryCopy((void*)Address, (void*)other.Address, other.Length, Length);

    private sealed unsafe class Manager(nint address, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new((void*)address, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)address + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
