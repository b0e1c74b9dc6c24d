using FsCheck;
using FsCheck.Fluent;
using NativeAdamax.Constraints;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Sparse;

/// <summary>
/// Rows end on the bits of the whole gradient that they stand for, where all take part in every step and where they make
/// up for missed steps later.
/// </summary>
public sealed class ExactTests
{
    private static readonly string[] Names = [.. OptimizerCases.All];

    /// <summary>What happens before and in one step.</summary>
    internal sealed record Event(Rows Rows, int Kind, int[] Read, double Rate, double Scale, bool Flushes);

    internal sealed record Scenario(
        string Optimizer, string Option, int Height, int Width, bool NonNegative, BackendSelection Backend, Event[] Events)
    {
        public override string ToString() =>
            $"{Optimizer}, {Option}, {Height} x {Width}, {NonNegative}, {Backend}: {string.Join("; ", Events.Select(e => e.ToString()))}";
    }

    private static readonly Gen<float> Number =
        from mantissa in Gen.Choose(-(1 << 24), 1 << 24)
        from exponent in Gen.Choose(-20, 4)
        select (float)Math.ScaleB(mantissa, exponent - 24);

    private static Gen<Event> Events(int height, int width) =>
        from count in Gen.Choose(0, 6)
        from indices in Gen.ArrayOf(Gen.Choose(0, height - 1), count)
        from values in Gen.ArrayOf(Number, count * width)
        from kind in Gen.Frequency((12, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(3)))
        from read in Gen.ArrayOf(Gen.Choose(0, height - 1), 2)
        from rate in Gen.Elements(0.0, 0.001, 0.0625)
        from scale in Gen.Elements(1.0, 1.0, 0.3, -2.0)
        from flushes in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Event(new Rows(indices, values, width), kind, read, rate, scale, flushes);

    private static readonly Gen<Scenario> Scenarios =
        from name in Gen.Elements(Names)
        from option in Gen.Elements("none", "value", "norm", "global norm", "percentile", "maximize", "skip", "decay", "zero")
        from height in Gen.Choose(1, 12)
        from width in Gen.Elements(1, 3, 16, 37)
        from nonNegative in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from backend in Gen.Elements(Backend.Available.ToArray())
        from count in Gen.Choose(1, 25)
        from events in Gen.ArrayOf(Events(height, width), count)
        select new Scenario(name, option, height, width, nonNegative, backend, events);

    [Theory]
    [InlineData(SparseMode.Dense)]
    [InlineData(SparseMode.Exact)]
    public void RowsEndOnTheBitsOfTheWholeGradient(SparseMode mode) =>
        Always.Holds(Scenarios, scenario => AssertSameBits(scenario, mode));

    [Fact]
    public void AHistoryThatIsFullIsMadeUpFor()
    {
        Event step = new(Rows.Of(2, 1), 0, [1], 0.001, 1, false);
        Event[] events = [step with { Rows = Rows.Of(2, 0, 2) }, .. Enumerable.Repeat(step, 9000)];
        AssertSameBits(new Scenario("Keras AMSGrad", "none", 3, 2, false, new(BackendKind.Managed), events));
    }

    [Theory]
    [InlineData("Keras Adam", 32, 1)]
    [InlineData("Optax Adamax", 37, 4)]
    public void ManyRowsOnManyThreadsEndOnTheSameBits(string name, int width, int threads)
    {
        const int height = 20_000;
        foreach (BackendSelection backend in Backend.Available)
        {
            using Twins twins = new(name, "global norm", height, width, backend, threads);
            for (int step = 0; step < 12; step++)
            {
                int[] rows = [.. Enumerable.Range(0, 900).Select(i => (i * 977 + step * 3571) % height)];
                twins.Give(Rows.Of(width, rows));
                twins.AssertStepsAlike();
            }

            twins.AssertSameBits("20 000 rows");
        }
    }

    private static void AssertSameBits(Scenario scenario, SparseMode mode = SparseMode.Exact)
    {
        using Twins twins = new(
            scenario.Optimizer, scenario.Option, scenario.Height, scenario.Width, scenario.Backend, 2, mode);
        if (scenario.NonNegative)
            twins.SetConstraint(WeightConstraint.NonNegative);
        foreach (Event e in scenario.Events)
        {
            twins.SetRates(e.Rate, e.Scale);
            if (e.Flushes)
                twins.Flush();
            twins.AssertReadsAlike(e.Read);
            switch (e.Kind)
            {
                case 1:
                    twins.GiveNone();
                    break;
                case 2:
                    twins.GiveWhole(e.Rows);
                    break;
                case 3:
                    twins.GivePoisoned(e.Rows);
                    break;
                default:
                    twins.Give(e.Rows);
                    break;
            }

            twins.AssertStepsAlike();
        }

        twins.AssertSameBits(scenario.ToString());
    }
}
