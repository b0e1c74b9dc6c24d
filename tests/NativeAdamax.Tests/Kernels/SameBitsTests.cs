using NativeAdamax.Backends;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Kernels;

public sealed class SameBitsTests
{
    private const int LongestCase = 300;
    private static readonly int[] LongLengths = [1023, 4096, 10_007];
    private static readonly KernelBackend Managed = BackendChooser.Resolve(new BackendSelection(BackendKind.Managed));

    public static TheoryData<Op> Ops => [.. Enum.GetValues<Op>()];

    public static TheoryData<Op, Isa> OpsAndIsas
    {
        get
        {
            TheoryData<Op, Isa> data = [];
            foreach (BackendSelection selection in Backend.Available.Where(s => s.Kind == BackendKind.Native))
            {
                foreach (Op op in Enum.GetValues<Op>())
                    data.Add(op, selection.Isa);
            }

            // Without the native library nothing is listed, and the theory is skipped with the library's reason.
            if (data.Count == 0)
                data.Add(Op.Adam, Isa.Best);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void ManagedKernelsGiveTheBitsOfTheScalarFormulas(Op op) =>
        Compare(op, Managed, KernelRun.RunScalar);

    [NativeTheory]
    [MemberData(nameof(OpsAndIsas))]
    public void NativeKernelsGiveTheBitsOfTheManagedKernels(Op op, Isa isa)
    {
        KernelBackend native = BackendChooser.Resolve(new BackendSelection(BackendKind.Native, isa));
        Compare(op, native, (o, streams, step) => KernelRun.Run(Managed, o, streams, step));
    }

    private static void Compare(Op op, KernelBackend backend, Action<Op, StreamBuffers, StepCase> expectedRun)
    {
        foreach (TestValues values in new[] { TestValues.Training(10_007), TestValues.Specials(10_007) })
        {
            for (int length = 0; length <= LongestCase + LongLengths.Length; ++length)
            {
                int count = length <= LongestCase ? length : LongLengths[length - LongestCase - 1];
                using StreamBuffers actual = new(count, misalignment: length % 16);
                using StreamBuffers expected = new(count, misalignment: 0);
                foreach (StepCase step in StepCase.All(length))
                {
                    string steps = op.IsReplay() ? $", {step.Steps} steps" : "";
                    string what = $"{op} on {backend.Info.Description}, {step.Name}{steps}, {count} elements";
                    actual.Fill(values);
                    expected.Fill(values);
                    KernelRun.Run(backend, op, actual, step);
                    expectedRun(op, expected, step);
                    actual.AssertSameBits(expected, what);
                    actual.AssertGuardsUntouched(what);
                }
            }
        }
    }
}
