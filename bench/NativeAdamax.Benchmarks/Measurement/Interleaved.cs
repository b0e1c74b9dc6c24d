using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>
/// Measures contenders round by round, each in turn, so that what else the machine does hits all alike: only so do
/// their ratios mean something. BenchmarkDotNet runs one after the other.
/// </summary>
internal static partial class Interleaved
{
    private const int FewestRounds = 9;
    private const int MostRounds = 301;

    /// <summary>Of each contender the seconds of one call in every round.</summary>
    public static double[][] Run(IReadOnlyList<Action> contenders, double seconds, Action beforeEach)
    {
        int[] calls = [.. contenders.Select(c => CallsOfABatch(c, beforeEach))];
        List<double>[] times = [.. contenders.Select(_ => new List<double>())];
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MostRounds; round++)
        {
            if (round >= FewestRounds && Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                break;
            for (int i = 0; i < contenders.Count; i++)
                times[i].Add(Batch(contenders[i], calls[i], beforeEach));
        }

        return [.. times.Select(t => t.ToArray())];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The median over the rounds of one contender's time as a multiple of another's.</summary>
    public static double Ratio(double[] times, double[] reference) =>
        Median(times.Zip(reference, (a, b) => a / b));

    private static int CallsOfABatch(Action contender, Action beforeEach)
    {
        const double shortest = 50e-6;
        double call = double.MaxValue;
        double spent = 0;
        for (int i = 0; i < 40 && spent < 0.03; i++) // so many that the compiler is done with it, too
        {
            double seconds = Batch(contender, 1, beforeEach);
            call = Math.Min(call, seconds);
            spent += seconds;
        }

        return call < shortest ? (int)(shortest / call) + 2 : 1;
    }

    private static double Batch(Action contender, int calls, Action beforeEach)
    {
        beforeEach();
        if (calls > 1)
            contender();
        double start = ThreadSeconds();
        for (int i = 0; i < calls; i++)
            contender();
        return (ThreadSeconds() - start) / calls;
    }

    /// <summary>
    /// Seconds that this thread has run, where the system tells: those of other programs on its CPU do not count.
    /// </summary>
    private static double ThreadSeconds()
    {
        const int threadClock = 3;
        return OperatingSystem.IsLinux() && ClockGetTime(threadClock, out Time time) == 0
            ? time.Seconds + 1e-9 * time.Nanoseconds
            : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Time time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
