using System.Runtime.CompilerServices;
using NativeAdamax.Backends;
using NativeAdamax.Engine;
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
        NaTensor[] list = GC.AllocateArray<NaTensor>(tensors, pinned: true);
        for (int i = 0; i < tensors; i++)
        {
            list[i] = new NaTensor
            {
                w = parameters[i].WeightsPointer,
                g = parameters[i].GradientPointer,
                m = adam.Engine.Of(StreamPlace.M, i).Floats,
                v = adam.Engine.Of(StreamPlace.V, i).Floats,
                count = (ulong)parameters[i].Length,
            };
        }

        NaScalars[] row = GC.AllocateArray<NaScalars>(1, pinned: true);
        row[0] = new StepScalars { C1 = 0.1, C2 = 0.001, Step = 1e-3, Eps = 1e-8, VCap = float.MaxValue }.ToNative();
        NaJob[] job = GC.AllocateArray<NaJob>(1, pinned: true);
        job[0] = new NaJob
        {
            kernels = BackendChooser.Default.Kernels,
            rows = (NaScalars*)Unsafe.AsPointer(ref row[0]),
            row_count = 1,
            tensors = (NaTensor*)Unsafe.AsPointer(ref list[0]),
            tensor_count = (ulong)tensors,
            end = (ulong)parameters.Sum(p => p.Length),
        };
        var pinned = (NaJob*)Unsafe.AsPointer(ref job[0]);
        KernelBackend backend = BackendChooser.Default;
        int calls = tensors == 1 ? 1000 : 1; // a short call is not to be measured with that of the clock
        void Steps()
        {
            for (int i = 0; i < calls; i++)
                adam.Step();
        }

        void Kernels()
        {
            for (int i = 0; i < calls; i++)
                backend.Adam(pinned);
        }

        double[][] times = Interleaved.Run([Steps, Kernels], seconds, () => { });
        GC.KeepAlive((list, row, job));
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
        return new StepRow(
            name,
            Interleaved.Median(times[0]) / calls * 1e9,
            Interleaved.Median(times[1]) / calls * 1e9,
            Interleaved.Ratio(times[0], times[1]));
    }
}
