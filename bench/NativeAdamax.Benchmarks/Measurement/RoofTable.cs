using NativeAdamax.Backends;
using NativeAdamax.Interop;

namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>An op of a backend at one size, beside the roof.</summary>
/// <param name="Op">adam, adamax, or adamw: with decay and a clipped norm.</param>
/// <param name="Backend">As <see cref="BackendSelection"/> writes it.</param>
/// <param name="Memory">library or arrays.</param>
/// <param name="Elements">Parameters.</param>
/// <param name="Nanoseconds">Of one parameter.</param>
/// <param name="RoofNanoseconds">Of one parameter.</param>
/// <param name="Ratio">To the roof, in the same round.</param>
/// <param name="ToAvx2">To the native AVX2 kernel, in the same round; NaN without it.</param>
internal sealed record RoofRow(
    string Op, string Backend, string Memory, int Elements, double Nanoseconds, double RoofNanoseconds, double Ratio, double ToAvx2);

/// <summary>Every backend beside the roof, from the first cache to memory, on one thread.</summary>
internal static class RoofTable
{
    private static readonly StepScalars Neutral = new() { C1 = 0.1, C2 = 0.001, Step = 1e-3, Eps = 1e-8 };
    private static readonly string[] Ops = ["adam", "adamw", "adamax"];

    public static readonly IReadOnlyList<int> Sizes = [1 << 10, 16 << 10, 512 << 10, 4 << 20, 32 << 20];

    /// <summary>The rows as they come.</summary>
    /// <param name="secondsARow">About so long for all backends of an op at a size.</param>
    public static IEnumerable<RoofRow> Measure(double secondsARow)
    {
        foreach (int size in Sizes)
        {
            foreach (bool arrays in (bool[])[false, true])
            {
                using Streams streams = arrays ? Streams.Arrays(size) : Streams.Aligned(size);
                foreach (string op in Ops)
                {
                    foreach (RoofRow row in Measure(streams, op, arrays ? "arrays" : "library", secondsARow))
                        yield return row;
                }
            }
        }
    }

    private static IEnumerable<RoofRow> Measure(Streams s, string op, string memory, double seconds)
    {
        string[] names = [.. Backend.Available.Where(b => b.Isa != Isa.Best || b.Kind == BackendKind.Managed)
            .Select(b => b.ToString())];
        List<Action> contenders = [() => Roof.Plain(s), () => Roof.Prefetching(s)];
        contenders.AddRange(names.Select(name => Step(s, BackendChooser.Resolve(BackendSelection.Parse(name)), op)));
        bool inCache = s.Count <= 16 << 10;
        double[][] times = Interleaved.Run(contenders, seconds, inCache ? s.Fill : () => { });
        double[] roof = times.Take(2).MinBy(Interleaved.Median)!;
        int avx2 = Array.IndexOf(names, "native:avx2");
        for (int i = 0; i < names.Length; i++)
        {
            double[] own = times[i + 2];
            yield return new RoofRow(
                op,
                names[i],
                memory,
                s.Count,
                Interleaved.Median(own) / s.Count * 1e9,
                Interleaved.Median(roof) / s.Count * 1e9,
                Interleaved.Ratio(own, roof),
                avx2 < 0 ? double.NaN : Interleaved.Ratio(own, times[avx2 + 2]));
        }
    }

    /// <summary>The kernel alone: what checks of spans and scalars cost is another benchmark's.</summary>
    private static unsafe Action Step(Streams s, KernelBackend backend, string op)
    {
        NaTensor* tensor = s.Tensor;
        NaScalars row = (op == "adamw" ? Neutral with { GradScale = 0.25, Lambda = 1e-5 } : Neutral).ToNative();
        return () =>
        {
            NaScalars scalars = row;
            NaJob job = new()
            {
                kernels = backend.Kernels,
                rows = &scalars,
                row_count = 1,
                tensors = tensor,
                tensor_count = 1,
                end = (ulong)s.Count,
            };
            int status = op == "adamax" ? backend.Adamax(&job) : backend.Adam(&job);
            if (status != NativeMethods.NA_OK)
                throw new InvalidOperationException($"{backend.Info.Description} refused with status {status}.");
        };
    }
}
