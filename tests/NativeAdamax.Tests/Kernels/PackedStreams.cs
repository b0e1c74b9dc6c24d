using System.Runtime.InteropServices;
using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

/// <summary>A tensor some of whose streams are packed, a copy of its weights among them.</summary>
internal sealed unsafe class PackedStreams : IDisposable
{
    public const int Copy = StreamBuffers.StreamCount;
    private const int Guard = 64;
    private const float Sentinel = -1234;

    private readonly StreamBuffers _floats;
    private readonly PackedStream?[] _packed = new PackedStream?[Copy + 1];
    private readonly NaPacking* _packing;
    private readonly float* _scratch;

    /// <param name="count">Elements of each stream.</param>
    /// <param name="format">Of a stream; 0: floats.</param>
    public PackedStreams(int count, Func<int, uint> format)
    {
        _floats = new StreamBuffers(count, misalignment: count % 16);
        for (int i = 0; i <= Copy; ++i)
            _packed[i] = format(i) == 0 ? null : new PackedStream(format(i), count);
        _packing = (NaPacking*)NativeMemory.AllocZeroed((nuint)sizeof(NaPacking));
        _packing->seed = 0x0123456789abcdef;
        _packing->step = 0x3_0000_0007;
        _packing->tensor = 5;
        nuint floats = NativeMethods.NA_SCRATCH + Guard;
        _scratch = (float*)NativeMemory.AlignedAlloc(floats * sizeof(float), 64);
        new Span<float>(_scratch, (int)floats).Fill(Sentinel);
    }

    public int Count => _floats.Count;

    public float* Scratch => _scratch;

    public void Fill(TestValues values)
    {
        _floats.Fill(values);
        for (int i = 0; i <= Copy; ++i)
        {
            if (_packed[i] is { } packed)
                ScalarFormats.Pack(packed.Native, _floats[i == Copy ? 0 : i], *_packing, i);
        }
    }

    /// <summary>The streams that are there are packed where they have a format.</summary>
    public NaTensor Tensor(StreamSet present)
    {
        StreamSet floats = present;
        for (int i = 0; i <= Copy; ++i)
        {
            bool isThere = i == Copy || present.HasFlag((StreamSet)(1 << i));
            (&_packing->w)[i] = isThere && _packed[i] is { } packed ? packed.Native : default;
            if (i < Copy && _packed[i] != null)
                floats &= ~(StreamSet)(1 << i);
        }

        return _floats.Tensor(floats) with { packing = _packing };
    }

    public void Run(KernelBackend backend, Op op, StepCase step, int begin, int end)
    {
        NaTensor tensor = Tensor(op.With(step.Streams)) with
        {
            row = StepCase.FirstRow,
            steps = op.IsReplay() ? step.Steps : 0,
        };
        fixed (NaScalars* rows = step.Rows)
        {
            NaJob job = KernelRun.Job(backend, &tensor, 1, rows, step.Rows.Length);
            job.scratch = _scratch;
            job.begin = (ulong)begin;
            job.end = (ulong)end;
            Assert.Equal(NativeMethods.NA_OK, KernelRun.Call(backend, op, &job));
        }
    }

    /// <summary>What the header says: unpack, run the formulas, pack what was stored.</summary>
    public void RunScalar(Op op, StepCase step)
    {
        using StreamBuffers streams = new(Count, misalignment: 0);
        for (int i = 0; i < Copy; ++i)
        {
            if (_packed[i] is { } packed)
                ScalarFormats.Unpack(packed.Native, streams[i]);
            else
                _floats[i].CopyTo(streams[i]);
        }

        KernelRun.RunScalar(op, streams, step);
        bool zeroGrad = (step.Rows[StepCase.FirstRow].flags & NativeMethods.NA_ZERO_GRAD) != 0;
        StreamSet stored = op.Stores(op.With(step.Streams), zeroGrad);
        for (int i = 0; i <= Copy; ++i)
        {
            int source = i == Copy ? 0 : i;
            if (!stored.HasFlag((StreamSet)(1 << source)))
                continue;
            if (_packed[i] is { } packed)
                ScalarFormats.Pack(packed.Native, streams[source], *_packing, i);
            else if (i < Copy)
                streams[i].CopyTo(_floats[i]);
        }
    }

    public void AssertSameBits(PackedStreams expected, string what)
    {
        _floats.AssertSameBits(expected._floats, what);
        for (int i = 0; i <= Copy; ++i)
        {
            if (_packed[i] is { } packed && expected._packed[i] is { } its)
                packed.AssertSameBytes(its, $"{what}, packed stream {i}");
        }
    }

    public void AssertGuardsUntouched(string what)
    {
        _floats.AssertGuardsUntouched(what);
        foreach (PackedStream? packed in _packed)
            packed?.AssertGuardsUntouched(what);
        ReadOnlySpan<float> behind = new(_scratch + NativeMethods.NA_SCRATCH, Guard);
        Assert.False(behind.ContainsAnyExcept(Sentinel), $"{what}: memory behind the scratch was written.");
    }

    public void Dispose()
    {
        _floats.Dispose();
        foreach (PackedStream? packed in _packed)
            packed?.Dispose();
        NativeMemory.Free(_packing);
        NativeMemory.AlignedFree(_scratch);
    }
}
