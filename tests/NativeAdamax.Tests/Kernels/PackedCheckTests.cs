using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>What is refused of packed streams, by every backend with the same status.</summary>
public sealed unsafe class PackedCheckTests
{
    private const int Count = 600;
    private const uint Most = NativeMethods.NA_BOOK4;

    private delegate void Spoil(NaJob* job, NaTensor* tensor, NaPacked* stream, NaPacked* copy);

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ASoundTensorIsTaken(BackendSelection selection) =>
        Answered(selection, NativeMethods.NA_OK, _ => true, (_, _, _, _) => { });

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AFormatThatIsNoneIsRefused(BackendSelection selection)
    {
        foreach (uint none in new uint[] { 0, Most + 1, uint.MaxValue })
        {
            Answered(selection, NativeMethods.NA_ERROR_FORMAT, _ => true, (_, _, stream, _) => stream->format = none);
            Answered(selection, NativeMethods.NA_ERROR_FORMAT, _ => true, (_, _, _, copy) => copy->format = none, Op.Copy);
        }
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ACopyHasAFormatOfItsOwn(BackendSelection selection)
    {
        for (uint format = NativeMethods.NA_BF16_REST16; format <= Most; ++format)
        {
            uint wrong = format;
            Answered(selection, NativeMethods.NA_ERROR_FORMAT, _ => true, (_, _, _, copy) => copy->format = wrong, Op.Copy);
        }

        // An op that stores no weights does not look at it.
        Answered(selection, NativeMethods.NA_OK, _ => true, (_, _, _, copy) => copy->format = Most, Op.Ema);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AStreamIsThereOnce(BackendSelection selection)
    {
        float* floats = stackalloc float[Count];
        nint both = (nint)floats;
        Answered(selection, NativeMethods.NA_ERROR_FORMAT, _ => true, (_, tensor, _, _) => tensor->a = (float*)both);
        Answered(selection, NativeMethods.NA_ERROR_NULL, _ => true, (_, _, stream, _) => stream->data = null);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void WhatAFormatNeedsMustBeThereAndAligned(BackendSelection selection)
    {
        bool HasBeside(uint format) => format >= NativeMethods.NA_BF16_REST16;
        bool HasBook(uint format) => format >= NativeMethods.NA_BOOK8;
        Answered(selection, NativeMethods.NA_ERROR_NULL, HasBeside, (_, _, stream, _) => stream->beside = null);
        Answered(selection, NativeMethods.NA_ERROR_NULL, HasBook, (_, _, stream, _) => stream->book = null);
        Answered(
            selection,
            NativeMethods.NA_ERROR_ALIGNMENT,
            format => !ScalarFormats.HasBlocks(format),
            (_, _, stream, _) => stream->data = (byte*)stream->data - 1);
        Answered(
            selection,
            NativeMethods.NA_ERROR_ALIGNMENT,
            format => HasBeside(format) && format != NativeMethods.NA_BF16_REST8,
            (_, _, stream, _) => stream->beside = (byte*)stream->beside + 1);
        Answered(
            selection,
            NativeMethods.NA_ERROR_ALIGNMENT,
            ScalarFormats.HasBlocks,
            (_, _, stream, _) => stream->beside = (byte*)stream->beside + 2);
        Answered(
            selection,
            NativeMethods.NA_ERROR_ALIGNMENT,
            HasBook,
            (_, _, stream, _) => stream->book = (float*)((byte*)stream->book + 2));
        Answered(selection, NativeMethods.NA_ERROR_NULL, _ => true, (job, _, _, _) => job->scratch = null);
        Answered(selection, NativeMethods.NA_ERROR_ALIGNMENT, _ => true, (job, _, _, _) => job->scratch++);
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void ARangeMayNotCutABlock(BackendSelection selection)
    {
        foreach (ulong position in new ulong[] { 1, 255, 257, 513, Count - 1 })
        {
            foreach ((ulong begin, ulong end) in new[] { (position, (ulong)Count), (0ul, position) })
            {
                Spoil spoil = (job, _, _, _) => (job->begin, job->end) = (begin, end);
                Answered(selection, NativeMethods.NA_ERROR_RANGE, ScalarFormats.HasBlocks, spoil);
                Answered(selection, NativeMethods.NA_OK, format => !ScalarFormats.HasBlocks(format), spoil);
            }
        }

        Answered(selection, NativeMethods.NA_OK, _ => true, (job, _, _, _) => (job->begin, job->end) = (256, 512));
    }

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AnEmptyTensorNeedsNothing(BackendSelection selection) =>
        Answered(selection, NativeMethods.NA_OK, _ => true, (job, tensor, stream, _) =>
        {
            tensor->count = job->end = 0;
            stream->format = 0;
            job->scratch = null;
        });

    /// <summary>
    /// The answer for a tensor of floats whose average (of ops without one, gradient) is packed in every format that
    /// fits.
    /// </summary>
    private static void Answered(
        BackendSelection selection, int expected, Func<uint, bool> fits, Spoil spoil, Op? only = null)
    {
        KernelBackend backend = AllBackends.Open(selection);
        StepCase step = StepCase.All(0).First();
        foreach (Op op in Enum.GetValues<Op>().Where(op => only is null ? op is Op.Ema : op == only))
        {
            for (uint format = 1; format <= Most; ++format)
            {
                if (!fits(format))
                    continue;
                uint own = format;
                int packed = op == Op.Ema ? 5 : 1;
                Func<int, uint> formats = stream => stream == packed ? own
                    : stream == PackedStreams.Copy ? NativeMethods.NA_BF16 : 0u;
                using PackedStreams streams = new(Count, formats);
                using PackedStreams untouched = new(Count, formats);
                streams.Fill(TestValues.Training(Count));
                untouched.Fill(TestValues.Training(Count));
                NaTensor tensor = streams.Tensor(op.Needs());
                fixed (NaScalars* rows = step.Rows)
                {
                    NaJob job = KernelRun.Job(backend, &tensor, 1, rows, step.Rows.Length);
                    job.scratch = streams.Scratch;
                    job.end = Count;
                    spoil(&job, &tensor, &tensor.packing->w + packed, &tensor.packing->copy);
                    int status = KernelRun.Call(backend, op, &job);
                    Assert.True(status == expected, $"{op} on {selection}, format {format}: {status}, not {expected}");
                    if (status != NativeMethods.NA_OK)
                        streams.AssertSameBits(untouched, $"{op} on {selection} after status {status}");
                }
            }
        }
    }
}
