using System.Runtime.InteropServices;
using NativeAdamax.Backends;
using NativeAdamax.Engine;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Checkpoints;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>
/// Tensors of more than 2^32 elements: an index or a length cut to 32 bits would reach other elements. Their memory is
/// only reserved; pages come where a test touches them.
/// </summary>
public sealed unsafe partial class HugeTensorTests
{
    private const string Reserves = "memory that is reserved and not there";
    private const ulong Border = 1ul << 32;
    private const ulong Count = Border + (1 << 13);
    private const int Near = 300;

    private static readonly StepScalars Scalars = new()
    {
        C1 = 0.1,
        C2 = 0.01,
        Eps = 1e-7,
        Step = 0.01,
        Ema = 0.1,
        ZeroGrad = true,
    };

    [LinuxTheory(Reserves)]
    [ClassData(typeof(AllBackends))]
    public void ElementsBeyond32BitsAreUpdatedLikeAnyOther(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        NaScalars row = Scalars.ToNative();
        foreach (Op op in Enum.GetValues<Op>())
        {
            StreamSet streams = op.With(~StreamSet.D);
            using Reserved huge = new(8);
            using StreamBuffers small = new(2 * Near, 0);
            NaTensor expected = small.Tensor(streams) with { steps = op.IsReplay() ? 1u : 0 };
            NaTensor actual = huge.Like(expected, Border - Near);
            Run(backend, op, &expected, &row, 0, 2 * Near);
            Run(backend, op, &actual, &row, Border - Near, Border + Near);
            huge.AssertLike(expected, Border - Near, $"{op} on {selection}");
        }
    }

    [LinuxTheory(Reserves)]
    [ClassData(typeof(AllBackends))]
    public void NormsAndTheFirstBadElementAreFoundBeyond32Bits(BackendSelection selection)
    {
        KernelBackend backend = AllBackends.Open(selection);
        using Reserved huge = new(1);
        NaTensor tensor = new() { g = huge.Stream(0), count = Count };
        tensor.g[Border - 1] = 3;
        tensor.g[Border + 5] = 4;
        NaJob job = KernelRun.Job(backend, &tensor, 1, null, 0);
        (job.begin, job.end) = (Border - 4096, Border + 4096);
        double* sums = stackalloc double[2];
        Assert.Equal(NativeMethods.NA_OK, backend.SumSquares(&job, sums, 2));
        Assert.Equal((9.0, 16.0), (sums[0], sums[1]));

        tensor.g[Border + 7] = float.NaN;
        ulong at, index;
        Assert.Equal(NativeMethods.NA_OK, backend.FirstNonFinite(&job, &at, &index));
        Assert.Equal((0ul, Border + 7), (at, index));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void AListIsCutBeyond32BitsWithoutAGapOrAnOverlap(int threads)
    {
        NaTensor[] tensors = [new() { count = Count }, new() { count = 0 }, new() { count = 3 * Border + 11 }, new() { count = 5 }];
        using Parts parts = new(threads);
        fixed (NaTensor* list = tensors)
        {
            parts.Cut(AllBackends.Open(new BackendSelection(BackendKind.Managed)), null, 0, list, tensors.Length, threads);
            ulong reached = 0, total = tensors.Aggregate(0ul, (sum, t) => sum + t.count);
            Assert.Equal(threads, parts.Count);
            for (int i = 0; i < parts.Count; i++)
            {
                ulong before = 0;
                for (NaTensor* t = list; t < parts.Jobs[i].tensors; t++)
                    before += t->count;
                Assert.Equal(reached, before + parts.Jobs[i].begin);
                reached = before + parts.Jobs[i].end;
                Assert.InRange(parts.Jobs[i].end - parts.Jobs[i].begin, total / (ulong)threads - 64, total / (ulong)threads + 64);
            }

            Assert.Equal(total, reached);
        }
    }

    /// <summary>
    /// A parameter by pointer with an optimizer over it, whose moments are in a file that is as sparse: rows on both sides
    /// of the border are updated as those of a small one.
    /// </summary>
    [LinuxTheory(Reserves)]
    [ClassData(typeof(AllBackends))]
    public void AnOptimizerUpdatesRowsBeyond32Bits(BackendSelection selection)
    {
        const int width = 64, rows = 4;
        using TemporaryFolder folder = new();
        using Reserved huge = new(1);
        using Parameter large = Parameter.Over(huge.Stream(0), (long)Count), small = Parameter.Create(rows * width);
        AdamOptions options = new() { SparseMode = SparseMode.LazyRows, Backend = selection };
        using Adam expected = new([small], options);
        using Adam actual = new([large], options with { StateStorage = StateStorage.MemoryMapped(folder.Path) });
        int[] few = [0, 1, 2, 3], far = [0, (int)(Border / width) - 1, (int)(Border / width), (int)(Count / width) - 1];
        float[,] gradient = new float[rows, width];
        for (int step = 1; step <= 3; step++)
        {
            for (int i = 0; i < gradient.Length; i++)
                gradient[i / width, i % width] = MathF.Sin(step * (i + 1));
            small.SetRowGradient(few, gradient);
            large.SetRowGradient(far, gradient);
            expected.Step();
            actual.Step();
        }

        for (int row = 0; row < rows; row++)
        {
            float* at = huge.Stream(0) + (nint)far[row] * width;
            Optimizers.Bits.AssertEqual(
                small.Weights.Slice(row * width, width), new ReadOnlySpan<float>(at, width), $"row {far[row]} on {selection}");
        }

        Assert.Equal(0, huge.Stream(0)[2 * width]);
    }

    private static void Run(KernelBackend backend, Op op, NaTensor* tensor, NaScalars* row, ulong begin, ulong end)
    {
        NaJob job = KernelRun.Job(backend, tensor, 1, row, 1);
        (job.begin, job.end) = (begin, end);
        Assert.Equal(NativeMethods.NA_OK, KernelRun.Call(backend, op, &job));
    }

    /// <summary>Streams of <see cref="Count"/> zeros, of which only those pages cost memory that are written.</summary>
    private sealed partial class Reserved : IDisposable
    {
        private const int ReadWrite = 3, PrivateAnonymousNotReserved = 0x4022;

        private static readonly nuint Bytes = unchecked((nuint)(Count * sizeof(float)));

        private readonly nint[] _streams;

        public Reserved(int streams)
        {
            _streams = new nint[streams];
            for (int i = 0; i < streams; i++)
            {
                _streams[i] = Map(0, Bytes, ReadWrite, PrivateAnonymousNotReserved, -1, 0);
                Assert.NotEqual(-1, _streams[i]);
            }
        }

        public float* Stream(int i) => (float*)_streams[i];

        /// <summary>The streams of a small tensor with its values from an element on.</summary>
        public NaTensor Like(NaTensor small, ulong from)
        {
            NaTensor huge = small with { count = Count };
            huge.w = Copy(0, small.w, small.count, from);
            huge.g = Copy(1, small.g, small.count, from);
            huge.m = Copy(2, small.m, small.count, from);
            huge.v = Copy(3, small.v, small.count, from);
            huge.x = Copy(4, small.x, small.count, from);
            huge.a = Copy(5, small.a, small.count, from);
            huge.s = Copy(6, small.s, small.count, from);
            return huge;
        }

        public void AssertLike(NaTensor small, ulong from, string what)
        {
            float*[] expected = [small.w, small.g, small.m, small.v, small.x, small.a, small.s];
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] is null)
                    continue;
                int length = (int)small.count;
                Optimizers.Bits.AssertEqual(
                    new ReadOnlySpan<float>(expected[i], length),
                    new ReadOnlySpan<float>(Stream(i) + from, length),
                    $"{what}, stream {i}");
                Assert.Equal(0, Stream(i)[from - 1]);
                Assert.Equal(0, Stream(i)[from + small.count]);
                Assert.Equal(0, Stream(i)[unchecked((uint)(from + small.count)) - 1]);
            }
        }

        public void Dispose()
        {
            foreach (nint stream in _streams)
                _ = Unmap(stream, Bytes);
        }

        private float* Copy(int stream, float* from, ulong count, ulong to)
        {
            if (from is null)
                return null;
            new ReadOnlySpan<float>(from, (int)count).CopyTo(new Span<float>(Stream(stream) + to, (int)count));
            return Stream(stream);
        }

        [LibraryImport("libc", EntryPoint = "mmap")]
        private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", EntryPoint = "munmap")]
        private static partial int Unmap(nint address, nuint length);
    }
}
