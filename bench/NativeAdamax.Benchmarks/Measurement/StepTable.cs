using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>A step over a list of tensors, beside the kernel called once on the same list.</summary>
/// <param name="List">How many of which size.</param>
/// <param name="StepNanoseconds">Of a call of <see cref="Optimizer.Step()"/>.</param>
/// <param name="KernelNanoseconds">Of a call of the kernel.</param>
/// <param name="Ratio">Of the two, in the same round.</param>
internal sealed record StepRow(string List, double StepNanoseconds, double KernelNanoseconds, double Ratio);

/// <summary>What <see cref="Optimizer.Step()"/> adds to the kernel, on one thread.</summary>
internal static unsafe class StepTable
{
    private static readonly (string Name, int Tensors, int Least, int Most)[] Lists =
    [
        ("1 of 64", 1, 64, 64),
        ("1000 of 256", 1000, 256, 256),
        ("1000 of 4 Ki", 1000, 4096, 4096),
        ("1000 of 256 to 4 Ki", 1000, 256, 4096),
    ];

    public static IEnumerable<StepRow> Measure(double secondsARow) =>
        Lists.Select(l => Measure(l.Name, l.Tensors, l.Least, l.Most, secondsARow));

    private static StepRow Measure(string name, int tensors, int least, int most, double seconds)
    {
        var random = new Random(1);
        Parameter[] parameters = [.. Enumerable.Range(0, tensors).Select(_ => Parameter.Create(random.Next(least, most + 1)))];
        foreach (Parameter parameter in parameters)
            parameter.Gradient.Fill(0.01f);
        using var adam = new Adam(parameters, new AdamOptions { Dialect = Dialect.PyTorch, MaxDegreeOfParallelism = 1 });
        adam.Step();
        var list = new NaTensor[tensors];
        for (int i = 0; i < tensors; i++)
        {
            list[i] = new NaTensor
            {
                w = parameters[i].WeightsPointer,
                g = parameters[i].GradientPointer,
                m = adam.Engine.FirstMoment(i),
                v = adam.Engine.SecondMoment(i),
                count = (ulong)parameters[i].Length,
            };
        }

        NaScalars row = new StepScalars { C1 = 0.1, C2 = 0.001, Step = 1e-3, Eps = 1e-8, VCap = float.MaxValue }.ToNative();
        ulong elements = (ulong)parameters.Sum(p => p.Length);
        double[][] times = Interleaved.Run([() => adam.Step(), () => Kernel(list, row, elements)], seconds, () => { });
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
        return new StepRow(
            name, Interleaved.Median(times[0]) * 1e9, Interleaved.Median(times[1]) * 1e9, Interleaved.Ratio(times[0], times[1]));
    }

    private static void Kernel(NaTensor[] list, NaScalars row, ulong elements)
    {
        KernelBackend backend = BackendChooser.Default;
        fixed (NaTensor* tensors = list)
        {
            NaJob job = new()
            {
                kernels = backend.Kernels,
                rows = &row,
                row_count = 1,
                tensors = tensors,
                tensor_count = (ulong)list.Length,
                end = elements,
            };
            int status = backend.Adam(&job);
            if (status != NativeMethods.NA_OK)
                throw new InvalidOperationException($"{backend.Info.Description} refused with status {status}.");
        }
    }
}
