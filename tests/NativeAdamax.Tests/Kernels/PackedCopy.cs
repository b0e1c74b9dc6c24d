using System.Runtime.InteropServices;
using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>Packs and unpacks by the op that copies.</summary>
internal static unsafe class PackedCopy
{
    /// <summary>Every backend with every one of some formats.</summary>
    public static TheoryData<BackendSelection, uint> On(params uint[] formats)
    {
        TheoryData<BackendSelection, uint> data = [];
        foreach (BackendSelection selection in Backend.Available)
        {
            foreach (uint format in formats)
                data.Add(selection, format);
        }

        return data;
    }

    public static float[] Unpack(BackendSelection selection, PackedStream packed)
    {
        float[] floats = new float[packed.Count];
        NaPacking packing = new() { g = packed.Native };
        fixed (float* w = floats)
            Run(selection, new NaTensor { w = w, count = (ulong)packed.Count, packing = &packing });
        return floats;
    }

    /// <param name="selection">The backend.</param>
    /// <param name="format">Of the stream.</param>
    /// <param name="floats">Its elements.</param>
    /// <param name="key">What random rounding is keyed by; the stream is w.</param>
    public static PackedStream Pack(
        BackendSelection selection, uint format, ReadOnlySpan<float> floats, in NaPacking key = default)
    {
        PackedStream packed = new(format, floats.Length);
        NaPacking packing = key with { w = packed.Native };
        fixed (float* g = floats)
            Run(selection, new NaTensor { g = g, count = (ulong)floats.Length, packing = &packing });
        packed.AssertGuardsUntouched($"format {format} on {selection}");
        return packed;
    }

    private static void Run(BackendSelection selection, NaTensor tensor)
    {
        KernelBackend backend = AllBackends.Open(selection);
        NaScalars row = default;
        float* scratch = (float*)NativeMemory.AlignedAlloc(NativeMethods.NA_SCRATCH * sizeof(float), 64);
        NaJob job = KernelRun.Job(backend, &tensor, 1, &row, 1);
        job.scratch = scratch;
        job.end = tensor.count;
        int status = backend.Copy(&job);
        NativeMemory.AlignedFree(scratch);
        Assert.Equal(NativeMethods.NA_OK, status);
    }
}
