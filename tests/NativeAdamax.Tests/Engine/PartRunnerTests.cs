using NativeAdamax.Backends;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Tests.Engine;

/// <summary>The fork and join of a step, with jobs that only count themselves.</summary>
[Collection(Alone.Name)]
public sealed unsafe class PartRunnerTests
{
    private const int Most = 8, Runs = 20_000;

    [Fact]
    public void EveryPartRunsOnceEvenWhenTheirNumberChangesFromRunToRun()
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                RunMany();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a run waited for a part that nobody has");
        Assert.Null(failure);
    }

    [Fact]
    public void ThePartsOfARunCoverEveryElementOnceInOrder()
    {
        ulong[] lengths = [0, 1, 63, 64, 65, 0, 1000, 3, 4096, 0];
        NaTensor* tensors = stackalloc NaTensor[lengths.Length];
        for (int i = 0; i < lengths.Length; i++)
            tensors[i] = new NaTensor { count = lengths[i] };
        using Parts parts = new(64);
        for (int most = 1; most <= 64; most++)
        {
            parts.Cut(new Counting(), null, 0, tensors, lengths.Length, most);
            Assert.InRange(parts.Count, 1, most);
            List<(long Tensor, ulong Element)> covered = [];
            for (int p = 0; p < parts.Count; p++)
                covered.AddRange(Elements(parts.Jobs[p], tensors));
            Assert.Equal(lengths.SelectMany((n, k) => Enumerable.Range(0, (int)n).Select(i => ((long)k, (ulong)i))),
                covered);
        }
    }

    private static List<(long Tensor, ulong Element)> Elements(NaJob job, NaTensor* first)
    {
        List<(long, ulong)> elements = [];
        ulong at = 0;
        for (ulong t = 0; t < job.tensor_count; t++)
        {
            for (ulong i = 0; i < job.tensors[t].count; i++, at++)
            {
                if (at >= job.begin && at < job.end)
                    elements.Add((job.tensors + t - first, i));
            }
        }

        Assert.True(job.end <= at, "a part ends beyond its tensors");
        return elements;
    }

    private static void RunMany()
    {
        NaTensor tensor = new() { count = 64 * Most };
        using Parts parts = new(Most);
        PartRunner runner = new(Most);
        Counting backend = new();
        for (int run = 0; run < Runs; run++)
        {
            int count = 2 + run % (Most - 1);
            parts.Cut(backend, null, 0, &tensor, 1, count);
            backend.Reset(parts);
            if (runner.Run(backend, KernelOp.Adam, parts) != NativeMethods.NA_OK)
                throw new InvalidOperationException("a status of no job");
            backend.AssertOnceEach(run);
        }
    }

    private sealed class Counting() : KernelBackend(new BackendInfo(BackendKind.Managed, Isa.Best, null, null), null)
    {
        private readonly int[] _runs = new int[Most];
        private NaJob* _jobs;
        private int _count;

        public void Reset(Parts parts)
        {
            Array.Clear(_runs);
            _jobs = parts.Jobs;
            _count = parts.Count;
        }

        public void AssertOnceEach(int run)
        {
            for (int i = 0; i < Most; i++)
            {
                int runs = Volatile.Read(ref _runs[i]);
                if (runs != (i < _count ? 1 : 0))
                    throw new InvalidOperationException($"run {run}: part {i} of {_count} ran {runs} times");
            }
        }

        public override int Adam(NaJob* job)
        {
            // Counted at its end: a run must not return before.
            Thread.SpinWait(200);
            Interlocked.Increment(ref _runs[job - _jobs]);
            return NativeMethods.NA_OK;
        }

        public override int Adamax(NaJob* job) => throw new NotSupportedException();

        public override int AdamReplay(NaJob* job) => throw new NotSupportedException();

        public override int AdamaxReplay(NaJob* job) => throw new NotSupportedException();

        public override int Ema(NaJob* job) => throw new NotSupportedException();

        public override int Accumulate(NaJob* job) => throw new NotSupportedException();

        public override int Copy(NaJob* job) => throw new NotSupportedException();

        public override int SumSquares(NaJob* job, double* sums, ulong capacity) => throw new NotSupportedException();

        public override int FirstNonFinite(NaJob* job, ulong* tensor, ulong* index) =>
            throw new NotSupportedException();
    }
}
