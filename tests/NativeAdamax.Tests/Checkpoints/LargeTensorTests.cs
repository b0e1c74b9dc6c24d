using System.Runtime.InteropServices;
using NativeAdamax.Checkpoints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>Tensors of more than 2^31 bytes: a length or an offset cut to 32 bits would reach other bytes.</summary>
[Collection(Alone.Name)]
public sealed unsafe class LargeTensorTests
{
    private const long Length = (1L << 32) + 4099;

    [LinuxFact("memory that is reserved and not there, and files with holes")]
    public void ATensorBeyond32BitsIsWrittenAndMapped()
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed(checked((nuint)(Length >> 3) + 1), 8);
        using TemporaryFolder folder = new();
        try
        {
            memory[Length - 1] = 7;
            memory[(1L << 31) + 5] = 9;
            SafetensorsWriter writer = new() { Checksums = false };
            writer.Add("large", TensorType.U8, [Length], memory, Length);
            writer.Add("last", TensorType.U8, [3], new byte[] { 1, 2, 3 });
            using (WithHoles file = new(folder.File("a")))
                writer.Write(file);
            using (SafetensorsReader map = SafetensorsReader.Map(folder.File("a")))
            {
                byte* large = (byte*)map.PointerTo(map.Find("large")!);
                Assert.Equal((7, 9), (large[Length - 1], large[(1L << 31) + 5]));
                Assert.Equal([1, 2, 3], new Span<byte>(map.PointerTo(map.Find("last")!), 3).ToArray());
            }

            using SafetensorsReader stream = SafetensorsReader.Open(folder.File("a"));
            byte[] last = new byte[3];
            stream.Read(stream.Find("last")!, last);
            Assert.Equal([1, 2, 3], last);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    /// <summary>A file in which zeros take no room.</summary>
    private sealed class WithHoles(string path) : Stream
    {
        private readonly FileStream _file = new(path, FileMode.CreateNew);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.ContainsAnyExcept((byte)0))
                _file.Write(buffer);
            else
                _file.Position += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => _file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _file.Dispose();
            base.Dispose(disposing);
        }
    }
}
