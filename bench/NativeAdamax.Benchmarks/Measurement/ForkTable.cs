using System.Diagnostics;
using NativeAdamax.Backends;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>A step of Adam on two threads beside the same on one.</summary>
/// <param name="Elements">Parameters.</param>
/// <param name="Hot">Time of two threads over that of one, one step after the other.</param>
/// <param name="Cold">The same, each step after 2 ms in which nothing happened.</param>
internal sealed record ForkRow(int Elements, double Hot, double Cold);

/// <summary>
/// From which size on a second thread pays. By the wall clock, as threads that wait take none of their own time: on a machine
/// that does other work these figures mean little.
/// </summary>
internal static unsafe class ForkTable
{
    private const int Rounds = 101;

    private static readonly int[] Sizes =
        [16 << 10, 32 << 10, 64 << 10, 128 << 10, 256 << 10, 512 << 10, 1 << 20, 4 << 20];

    public static IEnumerable<ForkRow> Measure() => Sizes.Select(Measure);

    private static ForkRow Measure(int size)
    {
        using Streams streams = Streams.Aligned(size);
        using var parts = new Parts(2);
        using var runner = new PartRunner(2);
        KernelBackend backend = BackendChooser.Default;
        NaScalars row = new StepScalars { C1 = 0.1, C2 = 0.001, Step = 1e-3, Eps = 1e-8 }.ToNative();
        void Step(int threads)
        {
            NaScalars scalars = row;
            parts.Cut(backend, &scalars, 1, streams.Tensor, 1, threads);
            if (runner.Run(backend, KernelOp.Adam, parts) != NativeMethods.NA_OK)
                throw new InvalidOperationException($"{backend.Info.Description} refused.");
        }

        int calls = Math.Max(2, (2 << 20) / size);
        double hot = Ratio(threads =>
        {
            Step(threads);
            return Time(() => Step(threads), calls);
        });
        double cold = Ratio(threads =>
        {
            Thread.Sleep(2);
            return Time(() => Step(threads), 1);
        });
        return new ForkRow(size, hot, cold);
    }

    private static double Ratio(Func<int, double> seconds)
    {
        double[] one = new double[Rounds], two = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            one[i] = seconds(1);
            two[i] = seconds(2);
        }

        return Interleaved.Ratio(two, one);
    }

    private static double Time(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
