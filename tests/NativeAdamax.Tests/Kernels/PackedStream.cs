using System.Runtime.InteropServices;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>A packed stream between sentinels that no kernel may touch, as little aligned as its format allows.</summary>
internal sealed unsafe class PackedStream : IDisposable
{
    private const int Guard = 64;
    private const byte Sentinel = 0xa5;

    private readonly byte* _data, _beside;
    private readonly int _dataBytes, _besideBytes;

    public PackedStream(uint format, int count)
    {
        Count = count;
        int blocks = (count + NativeMethods.NA_BLOCK - 1) / NativeMethods.NA_BLOCK;
        _dataBytes = format == NativeMethods.NA_BOOK4 ? (count + 1) / 2
            : ScalarFormats.HasBlocks(format) ? count
            : 2 * count;
        _besideBytes = format switch
        {
            NativeMethods.NA_BF16_REST16 => 2 * count,
            NativeMethods.NA_BF16_REST8 => count,
            _ => ScalarFormats.HasBlocks(format) ? blocks * sizeof(float) : 0,
        };
        _data = Memory(_dataBytes);
        _beside = Memory(_besideBytes);
        Native = new NaPacked
        {
            data = _data + Guard + (ScalarFormats.HasBlocks(format) ? 1 : 2),
            beside = _besideBytes == 0 ? null : _beside + Guard + BesideShift(format),
            book = format switch
            {
                NativeMethods.NA_BOOK8 => CodeBook.Signed8.Pointer,
                NativeMethods.NA_BOOK4 => CodeBook.Signed4.Pointer,
                _ => null,
            },
            format = format,
        };
    }

    public int Count { get; }

    public NaPacked Native { get; }

    public Span<byte> Data => new(Native.data, _dataBytes);

    public Span<byte> Beside => new(Native.beside, _besideBytes);

    /// <summary>The bytes are those of another; NaN too, of which there is one.</summary>
    public void AssertSameBytes(PackedStream expected, string what)
    {
        if (Data.SequenceEqual(expected.Data) && Beside.SequenceEqual(expected.Beside))
            return;
        int data = Data.CommonPrefixLength(expected.Data), beside = Beside.CommonPrefixLength(expected.Beside);
        Assert.Fail($"{what}, format {Native.format}: byte {data} of data or byte {beside} of what stands beside.");
    }

    public void AssertGuardsUntouched(string what) =>
        Assert.False(
            Touched(_data, (byte*)Native.data, _dataBytes)
                || (_besideBytes > 0 && Touched(_beside, (byte*)Native.beside, _besideBytes)),
            $"{what}: memory around a packed stream was written.");

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.AlignedFree(_beside);
    }

    private static int BesideShift(uint format) => format switch
    {
        NativeMethods.NA_BF16_REST16 => 2,
        NativeMethods.NA_BF16_REST8 => 1,
        _ => sizeof(float),
    };

    private static byte* Memory(int bytes)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + 3 * Guard), 64);
        new Span<byte>(memory, bytes + 3 * Guard).Fill(Sentinel);
        return memory;
    }

    private static bool Touched(byte* memory, byte* used, int bytes)
    {
        ReadOnlySpan<byte> all = new(memory, bytes + 3 * Guard);
        int before = (int)(used - memory);
        return all[..before].ContainsAnyExcept(Sentinel) || all[(before + bytes)..].ContainsAnyExcept(Sentinel);
    }
}
