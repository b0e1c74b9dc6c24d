using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class ReplayTests
{
    private static readonly TestValues Values = TestValues.Training(300);

    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AReplayIsTheSameStepsWithAZeroGradientOneByOne(BackendSelection selection)
    {
        foreach ((Op replay, Op step) in new[] { (Op.AdamReplay, Op.Adam), (Op.AdamaxReplay, Op.Adamax) })
        {
            for (int length = 0; length < 300; length += 7)
            {
                using StreamBuffers replayed = new(length, misalignment: 3);
                using StreamBuffers stepped = new(length, misalignment: 5);
                foreach (StepCase all in StepCase.All(length))
                {
                    StepCase some = all with { Streams = all.Streams & StreamSet.X };
                    replayed.Fill(Values);
                    stepped.Fill(Values);
                    KernelRun.Run(AllBackends.Open(selection), replay, replayed, some);
                    StepOneByOne(AllBackends.Open(selection), step, stepped, some);
                    Values.CopyTo(stepped[1], 1);
                    replayed.AssertSameBits(stepped, $"{replay} on {selection}, {all.Name}, {some.Steps} steps");
                }
            }
        }
    }

    /// <summary>
    /// What an op does not take may be anything: here the memory of a stream that it writes, which an op that loads
    /// and stores the stream again would set back.
    /// </summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void AStreamThatAnOpDoesNotTakeIsNotStored(BackendSelection selection)
    {
        StepCase step = StepCase.All(turn: 3).First();
        foreach (Op op in Enum.GetValues<Op>())
        {
            StreamSet taken = op.With(StreamSet.None);
            using StreamBuffers expected = new(100, misalignment: 2);
            using StreamBuffers actual = new(100, misalignment: 2);
            expected.Fill(Values);
            actual.Fill(Values);
            KernelRun.Run(AllBackends.Open(selection), op, expected, step with { Streams = StreamSet.None });
            NaTensor tensor = actual.Tensor(taken) with { row = StepCase.FirstRow, steps = step.Steps };
            float* written = tensor.m != null ? tensor.m : tensor.a != null ? tensor.a : tensor.s;
            for (int i = 0; i < StreamBuffers.StreamCount; ++i)
            {
                if (!op.With(~StreamSet.None).HasFlag((StreamSet)(1 << i)))
                    (&tensor.w)[i] = written;
            }

            Run(AllBackends.Open(selection), op, tensor, step);
            actual.AssertSameBits(expected, $"{op} on {selection}");
        }
    }

    private static void StepOneByOne(KernelBackend backend, Op op, StreamBuffers streams, StepCase step)
    {
        for (uint i = 0; i < step.Steps; ++i)
        {
            streams[1].Clear();
            Run(backend, op, streams.Tensor(op.With(step.Streams)) with { row = StepCase.FirstRow + i }, step);
        }
    }

    private static void Run(KernelBackend backend, Op op, NaTensor tensor, StepCase step)
    {
        fixed (NaScalars* rows = step.Rows)
        {
            NaJob job = KernelRun.Job(backend, &tensor, 1, rows, step.Rows.Length);
            job.end = tensor.count;
            Assert.Equal(NativeMethods.NA_OK, KernelRun.Call(backend, op, &job));
        }
    }
}
