using System.Runtime.InteropServices;
using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>The ops that answer with a number, of packed gradients: the answer of the unpacked ones.</summary>
public sealed unsafe class PackedGradientTests
{
    public static TheoryData<BackendSelection, uint> Formats =>
        PackedCopy.On([.. Enumerable.Range(1, (int)NativeMethods.NA_BOOK4).Select(f => (uint)f)]);

    [Theory]
    [MemberData(nameof(Formats))]
    public void SumsOfSquaresAreThoseOfTheFloats(BackendSelection selection, uint format)
    {
        foreach (int count in new[] { 1, 255, 1300, 4096, 4097, 9001 })
        {
            using PackedStream packed = PackedCopy.Pack(selection, format, Values(count));
            fixed (float* floats = PackedCopy.Unpack(selection, packed))
            {
                int blocks = (count + NativeMethods.NA_SUM_BLOCK - 1) / NativeMethods.NA_SUM_BLOCK;
                double[] expected = new double[blocks], actual = new double[blocks];
                NaTensor plain = new() { g = floats, count = (ulong)count };
                NaPacking packing = new() { g = packed.Native };
                NaTensor tensor = new() { packing = &packing, count = (ulong)count };
                Sum(selection, &plain, expected);
                Sum(selection, &tensor, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void TheFirstNonFiniteElementIsFound(BackendSelection selection, uint format)
    {
        const int count = 9001;
        foreach (int bad in new[] { 0, 1, 255, 1024, 1500, 4095, 4096, 8999, 9000, count })
        {
            float[] floats = Values(count);
            if (bad < count)
                floats[bad] = float.NegativeInfinity;
            using PackedStream packed = PackedCopy.Pack(selection, format, floats);
            int expected = Array.FindIndex(PackedCopy.Unpack(selection, packed), x => !float.IsFinite(x));
            Assert.Equal(bad == count ? -1 : ScalarFormats.HasBlocks(format) ? bad / 256 * 256 : bad, expected);
            foreach (int begin in ScalarFormats.HasBlocks(format) ? new[] { 0, 256 } : [0, 1, 700])
            {
                NaPacking packing = new() { g = packed.Native };
                NaTensor tensor = new() { packing = &packing, count = count };
                (ulong t, ulong index) = Find(selection, &tensor, (ulong)begin);
                bool found = expected >= begin;
                Assert.Equal((found ? 0ul : 1, found ? (ulong)expected : 0), (t, index));
            }
        }
    }

    private static float[] Values(int count)
    {
        float[] values = new float[count];
        TestValues.Training(count, seed: 11).CopyTo(values, 1);
        return values;
    }

    private static void Sum(BackendSelection selection, NaTensor* tensor, double[] sums)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using Scratch scratch = new();
        NaJob job = KernelRun.Job(backend, tensor, 1, null, 0);
        job.scratch = scratch.Floats;
        job.end = tensor->count;
        fixed (double* p = sums)
            Assert.Equal(NativeMethods.NA_OK, backend.SumSquares(&job, p, (ulong)sums.Length));
    }

    private static (ulong Tensor, ulong Index) Find(BackendSelection selection, NaTensor* tensor, ulong begin)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using Scratch scratch = new();
        NaJob job = KernelRun.Job(backend, tensor, 1, null, 0);
        job.scratch = scratch.Floats;
        job.begin = begin;
        job.end = tensor->count;
        ulong t, index;
        Assert.Equal(NativeMethods.NA_OK, backend.FirstNonFinite(&job, &t, &index));
        return (t, index);
    }

    private readonly ref struct Scratch
    {
        public readonly float* Floats =
            (float*)NativeMemory.AlignedAlloc(NativeMethods.NA_SCRATCH * sizeof(float), 64);

        public Scratch()
        {
        }

        public void Dispose() => NativeMemory.AlignedFree(Floats);
    }
}
