using NativeAdamax.Backends;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

/// <summary>Packed streams give the bits of unpacking, the formulas and packing, on every backend.</summary>
public sealed class PackedSameBitsTests
{
    private const uint Formats = NativeMethods.NA_BOOK4;

    /// <summary>Every length of a vector's or two, and the borders of blocks and tiles.</summary>
    private static readonly int[] Lengths =
    [
        .. Enumerable.Range(0, 70), 127, 128, 129, 191, 254, 255, 256, 257, 300, 511, 512, 513, 700, 767, 768, 769,
        1000, 1022, 1023, 1024, 1025, 1026, 1056, 1279, 1280, 1281, 1300, 2048, 2100,
    ];

    private static readonly KernelBackend Managed = BackendChooser.Resolve(new BackendSelection(BackendKind.Managed));

    public static TheoryData<Op> Ops => SameBitsTests.Ops;

    public static TheoryData<Op, Isa> OpsAndIsas => SameBitsTests.OpsAndIsas;

    [Theory]
    [MemberData(nameof(Ops))]
    public void ManagedKernelsGiveTheBitsOfTheScalarFormulas(Op op) =>
        Compare(op, Managed, (streams, step) => streams.RunScalar(op, step));

    [NativeTheory]
    [MemberData(nameof(OpsAndIsas))]
    public void NativeKernelsGiveTheBitsOfTheManagedKernels(Op op, Isa isa)
    {
        KernelBackend native = BackendChooser.Resolve(new BackendSelection(BackendKind.Native, isa));
        Compare(op, native, (streams, step) => streams.Run(Managed, op, step, 0, streams.Count));
    }

    /// <summary>Random rounding too does not see where a job begins.</summary>
    [Theory]
    [ClassData(typeof(AllBackends))]
    public void SplittingATensorChangesNoBit(BackendSelection selection)
    {
        const int count = 1300;
        KernelBackend backend = AllBackends.Open(selection);
        StepCase step = StepCase.All(3).First(s => s.Name == "everything");
        TestValues values = TestValues.Training(count);
        foreach (Op op in Enum.GetValues<Op>())
        {
            for (uint format = 1; format <= Formats; ++format)
            {
                using PackedStreams whole = new(count, Everywhere(format));
                using PackedStreams parts = new(count, Everywhere(format));
                whole.Fill(values);
                whole.Run(backend, op, step, 0, count);
                int stride = ScalarFormats.HasBlocks(format) ? NativeMethods.NA_BLOCK : 37;
                for (int split = stride; split < count; split += stride)
                {
                    parts.Fill(values);
                    parts.Run(backend, op, step, split, count);
                    parts.Run(backend, op, step, 0, split);
                    parts.AssertSameBits(whole, $"{op} on {selection} split at {split}");
                    parts.AssertGuardsUntouched($"{op} on {selection} split at {split}");
                }
            }
        }
    }

    /// <summary>All streams of one format; 0 to <see cref="Formats"/> in turn where that is 0.</summary>
    private static Func<int, uint> Everywhere(uint format, int turn = 0) => stream =>
    {
        uint own = format == 0 ? (uint)(stream + turn) % (Formats + 1) : format;
        return stream < PackedStreams.Copy ? own : 1 + own % NativeMethods.NA_BF16_RANDOM;
    };

    private static void Compare(Op op, KernelBackend backend, Action<PackedStreams, StepCase> run)
    {
        StepCase[][] steps = [[.. StepCase.All(0)], [.. StepCase.All(1)], [.. StepCase.All(2)], [.. StepCase.All(3)]];
        TestValues[] values = [TestValues.Training(Lengths[^1]), TestValues.Specials(Lengths[^1])];
        for (int n = 0; n < Lengths.Length; ++n)
        {
            for (uint format = 0; format <= Formats; ++format)
            {
                int count = Lengths[n];
                int most = count < 70 ? 2 : 6;
                using PackedStreams actual = new(count, Everywhere(format, n));
                using PackedStreams expected = new(count, Everywhere(format, n));
                for (int turn = 0; turn < most; ++turn)
                {
                    StepCase[] all = steps[n % steps.Length];
                    StepCase step = all[(n * 7 + (int)format * 3 + turn * 11) % all.Length];
                    string what = $"{op} on {backend.Info.Description}, format {format}, {step.Name}, {count} elements";
                    actual.Fill(values[turn % 2]);
                    expected.Fill(values[turn % 2]);
                    actual.Run(backend, op, step, 0, count);
                    run(expected, step);
                    actual.AssertSameBits(expected, what);
                    actual.AssertGuardsUntouched(what);
                }
            }
        }
    }
}
