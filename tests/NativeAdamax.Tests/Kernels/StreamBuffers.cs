using System.Runtime.InteropServices;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// The eight streams of a tensor (w, g, m, v, x, a, s, d), each at its own distance from an aligned address and
/// between sentinels that no kernel may touch.
/// </summary>
internal sealed unsafe class StreamBuffers : IDisposable
{
    public const int StreamCount = 8;
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

    /// <param name="present">The streams that are there; the others are null.</param>
    public NaTensor Tensor(StreamSet present)
    {
        NaTensor tensor = new() { count = (ulong)Count };
        for (int i = 0; i < StreamCount; ++i)
            (&tensor.w)[i] = present.HasFlag((StreamSet)(1 << i)) ? _streams[i] : null;
        return tensor;
    }

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
            Assert.False(beforeTouched || afterTouched, $"{what}: memory around stream {Name(i)} was written.");
        }
    }

    /// <summary>The bits of every stream are those of another, where NaN is one class.</summary>
    public void AssertSameBits(StreamBuffers expected, string what)
    {
        for (int i = 0; i < StreamCount; ++i)
            Bits.AssertSame(expected[i], this[i], $"{what}, stream {Name(i)}");
    }

    public void Dispose()
    {
        foreach (float* memory in _memory)
            NativeMemory.AlignedFree(memory);
    }

    private static char Name(int stream) => "wgmvxasd"[stream];
}
