using System.Runtime.InteropServices;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>Weights, gradient and moments of one tensor, far into a run, for what steps on pointers or spans.</summary>
internal sealed unsafe class Streams : IDisposable
{
    private const nuint Page = 4096;

    private readonly GCHandle[] _pins = [];
    private readonly void* _memory;
    private readonly NaTensor* _tensor;

    private Streams(int count, void* memory, GCHandle[] pins, float*[] starts)
    {
        Count = count;
        _memory = memory;
        _pins = pins;
        W = starts[0];
        G = starts[1];
        M = starts[2];
        V = starts[3];
        _tensor = (NaTensor*)NativeMemory.AllocZeroed((nuint)sizeof(NaTensor));
        *_tensor = new NaTensor { w = W, g = G, m = M, v = V, count = (ulong)count };
        Fill();
    }

    public int Count { get; }

    public float* W { get; }

    public float* G { get; }

    public float* M { get; }

    public float* V { get; }

    /// <summary>All four, as the kernels take them.</summary>
    public NaTensor* Tensor => _tensor;

    public Span<float> Weights => new(W, Count);

    public Span<float> Gradient => new(G, Count);

    public Span<float> First => new(M, Count);

    public Span<float> Second => new(V, Count);

    /// <summary>Aligned and staggered as the library's own.</summary>
    public static Streams Aligned(int count)
    {
        nuint bytes = ((nuint)count * sizeof(float) + Page - 1) / Page * Page;
        nuint apart = bytes + AlignedMemory.StaggerOf(bytes);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(4 * apart, Page);
        return new Streams(
            count, memory, [], [(float*)memory, (float*)(memory + apart), (float*)(memory + 2 * apart), (float*)(memory + 3 * apart)]);
    }

    /// <summary>Arrays, as the runtime puts them.</summary>
    public static Streams Arrays(int count)
    {
        var pins = new GCHandle[4];
        float*[] starts = new float*[4];
        for (int i = 0; i < 4; i++)
        {
            pins[i] = GCHandle.Alloc(new float[count], GCHandleType.Pinned);
            starts[i] = (float*)pins[i].AddrOfPinnedObject();
        }

        return new Streams(count, null, pins, starts);
    }

    /// <summary>The same numbers at every call.</summary>
    public void Fill()
    {
        var random = new Random(1);
        for (int i = 0; i < Count; i++)
        {
            float r = random.NextSingle() * 2 - 1;
            W[i] = r;
            G[i] = r * 0.01f;
            M[i] = r * 0.01f;
            V[i] = r * r * 1e-4f + 1e-6f;
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_tensor);
        foreach (GCHandle pin in _pins)
            pin.Free();
    }
}
