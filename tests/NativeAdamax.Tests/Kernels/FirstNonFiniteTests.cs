using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class FirstNonFiniteTests
{
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void TheFirstOfSeveralIsFoundAtEveryPlace(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        float negativeNaN = BitConverter.UInt32BitsToSingle(0xff800001);
        float[] bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, negativeNaN];
        foreach (int count in new[] { 1, 3, 31, 64, 165 })
        {
            using StreamBuffers streams = new(count, count % 7);
            streams[1].Fill(-float.MaxValue);
            for (int at = count - 1; at >= 0; --at)
            {
                streams[1][at] = bad[at % bad.Length];
                Assert.Equal((0, at), Find(backend, 0, count, streams));
                Assert.Equal((1, 0), Find(backend, 0, at, streams));
            }
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void WhatLiesOutsideTheRangeIsNotFound(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using StreamBuffers first = new(50, 1);
        using StreamBuffers second = new(50, 2);
        first[1].Clear();
        second[1].Clear();
        Assert.Equal((2, 0), Find(backend, 0, 100, first, second));
        first[1][3] = float.NaN;
        second[1][20] = float.NaN;
        second[1][49] = float.NaN;
        Assert.Equal((0, 3), Find(backend, 3, 100, first, second));
        Assert.Equal((1, 20), Find(backend, 4, 100, first, second));
        Assert.Equal((1, 49), Find(backend, 71, 100, first, second));
        Assert.Equal((2, 0), Find(backend, 71, 99, first, second));
    }

    private static (int Tensor, int Index) Find(
        KernelBackend backend, int begin, int end, params StreamBuffers[] streams)
    {
        NaTensor[] tensors = [.. streams.Select(s => s.Tensor(StreamSet.G))];
        fixed (NaTensor* start = tensors)
        {
            NaJob job = KernelRun.Job(backend, start, tensors.Length, null, 0);
            job.begin = (ulong)begin;
            job.end = (ulong)end;
            ulong tensor, index;
            Assert.Equal(NativeMethods.NA_OK, backend.FirstNonFinite(&job, &tensor, &index));
            return ((int)tensor, (int)index);
        }
    }
}
