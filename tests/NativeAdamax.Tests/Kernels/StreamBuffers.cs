using System.Runtime.InteropServices;
using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// The seven streams of a tensor (w, g, m, v, x, a, s), each at its own distance from an aligned address and between
/// sentinels that no kernel may touch.
/// </summary>
internal sealed unsafe class StreamBuffers : IDisposable
{
    public const int StreamCount = 7;
    private const int Guard = 64;
    private const int Slack = 16;
    private const uint Sentinel = 0x7fc5a5a5;

    private readonly float*[] _memory = new float*[StreamCount];
    private readonly float*[] _streams = new float*[StreamCount];

    /// <param name="count">Elements of each stream.</param>
    /// <param name="misalignment">Floats between an aligned address and w; the other streams lie elsewhere.</param>
    public StreamBuffers(int count, int misalignment)
    {
        Count = count;
        for (int i = 0; i < StreamCount; ++i)
        {
            _memory[i] = (float*)NativeMemory.AlignedAlloc((nuint)Floats * sizeof(float), 64);
            _streams[i] = _memory[i] + Guard + (misalignment * (1 + 2 * i)) % Slack;
        }

        Reset();
    }

    public int Count { get; }

    private int Floats => Count + 2 * Guard + Slack;

    public Span<float> this[int stream] => new(_streams[stream], Count);

    public NaTensor Tensor(bool withMax, bool withEma) => new()
    {
        w = _streams[0],
        g = _streams[1],
        m = _streams[2],
        v = _streams[3],
        x = withMax ? _streams[4] : null,
        a = withEma ? _streams[5] : null,
        s = _streams[6],
        count = (ulong)Count,
    };

    /// <summary>Sentinels everywhere.</summary>
    public void Reset()
    {
        foreach (float* memory in _memory)
            new Span<uint>(memory, Floats).Fill(Sentinel);
    }

    public void Fill(TestValues values)
    {
        for (int i = 0; i < StreamCount; ++i)
            values.CopyTo(this[i], i);
    }

    public void AssertGuardsUntouched(string what)
    {
        for (int i = 0; i < StreamCount; ++i)
        {
            int before = (int)(_streams[i] - _memory[i]);
            ReadOnlySpan<uint> all = new(_memory[i], Floats);
            bool beforeTouched = all[..before].ContainsAnyExcept(Sentinel);
            bool afterTouched = all[(before + Count)..].ContainsAnyExcept(Sentinel);
            Assert.False(beforeTouched || afterTouched, $"{what}: memory around stream {"wgmvxas"[i]} was written.");
        }
    }

    /// <summary>The bits of every stream are those of another, where NaN is one class.</summary>
    public void AssertSameBits(StreamBuffers expected, string what)
    {
        for (int i = 0; i < StreamCount; ++i)
            Bits.AssertSame(expected[i], this[i], $"{what}, stream {"wgmvxas"[i]}");
    }

    public void Dispose()
    {
        foreach (float* memory in _memory)
            NativeMemory.AlignedFree(memory);
    }
}
