using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

public sealed class AccumulationTests
{
    [Fact]
    public void ANaNReachesTheWeightsWithItsUpdateAndDoesNotStayInTheSum()
    {
        using Parameter parameter = Parameter.Create([1f, 1f]);
        using Adam optimizer = MultiSteps(parameter, skips: false);
        double[] second = [1, 1, 0.9, 0.9, 0.9, 0.8];
        for (int call = 1; call <= 6; call++)
        {
            Plain.Step(optimizer, parameter, call == 2 ? float.NaN : 0.5f, 0.5f);
            Assert.Equal(second[call - 1], parameter.Weights[1], 1e-6);
            Assert.Equal(call >= 3, float.IsNaN(parameter.Weights[0]));
            Assert.Equal(call == 2, float.IsNaN(optimizer.State(parameter).GradientSum[0]));
        }
    }

    [Fact]
    public void ASkippedCallIsNotOneOfTheMean()
    {
        using Parameter parameter = Parameter.Create([1f, 1f]);
        using Adam optimizer = MultiSteps(parameter, skips: true);
        double[] expected = [1, 1, 1, 0.9, 0.9, 0.9, 0.8];
        for (int call = 1; call <= 7; call++)
        {
            Plain.Step(optimizer, parameter, call == 2 ? float.NaN : 0.5f, 0.5f);
            Assert.Equal(expected[call - 1], parameter.Weights[0], 1e-6);
            Assert.Equal(expected[call - 1], parameter.Weights[1], 1e-6);
        }
    }

    [Theory]
    [InlineData(Dialect.Keras, true)]
    [InlineData(Dialect.TfKeras, true)]
    [InlineData(Dialect.MXNet, false)]
    [InlineData(Dialect.Optax, false)]
    [InlineData(Dialect.PyTorch, false)]
    public void SchedulesSeeCallsOrUpdatesAsTheDialectDoes(Dialect dialect, bool calls)
    {
        List<long> seen = [];
        LearningRate rate = LearningRate.From(count =>
        {
            seen.Add(count);
            return 0.1;
        });
        using Parameter parameter = Plain.Parameter(1);
        using Adamax optimizer = new(
            [parameter], Plain.Descent(dialect) with { AccumulationSteps = 2, LearningRate = rate });
        for (int i = 0; i < 5; i++)
            optimizer.Step();
        long first = dialect == Dialect.MXNet ? 1 : 0;
        Assert.Equal(calls ? [0, 1, 2, 3, 4] : [first, first, first + 1, first + 1, first + 2], seen);
        Assert.Equal((2, 5, 2), (optimizer.StepCount, optimizer.CallCount, optimizer.State(parameter).UpdateCount));
    }

    [Fact]
    public void TheNumberOfCallsMayDependOnTheUpdatesSoFar()
    {
        using Parameter parameter = Plain.Parameter(0);
        using Adamax optimizer = new(
            [parameter], Plain.Descent(Dialect.Optax) with { AccumulationSchedule = updates => (int)updates + 1 });
        bool[] isUpdate = [true, false, true, false, false, true, false, false, false, true];
        foreach (bool expected in isUpdate)
        {
            StepReport report = optimizer.Step();
            Assert.Equal(expected, report.IsUpdate);
            Assert.Equal(optimizer.StepCount, report.Step);
        }

        // A mean of ones, and not a sum: every update moved by the rate.
        Assert.Equal(-4, parameter.Weights[0]);
    }

    [Fact]
    public void ABadNumberOfCallsIsRefusedBeforeAnythingChanges()
    {
        using Parameter parameter = Make.WithGradient();
        using Adamax optimizer = new([parameter], new AdamaxOptions { AccumulationSchedule = updates => 1 - (int)updates });
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        Assert.Throws<ArgumentOutOfRangeException>("AccumulationSchedule", () => { optimizer.Step(); });
        before.AssertUnchanged(optimizer);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamOptions { AccumulationSteps = 0 });
        Assert.Throws<ArgumentException>(() => new Adam(
            [parameter], new AdamOptions { AccumulationSteps = 2, AccumulationSchedule = _ => 2 }));
    }

    [Theory]
    [InlineData(Dialect.PyTorch, false, true)]
    [InlineData(Dialect.PyTorch, true, true)]
    [InlineData(Dialect.MXNet, false, true)]
    [InlineData(Dialect.Keras, false, false)]
    [InlineData(Dialect.Optax, true, false)]
    public void TheSumOfAParameterWithoutAGradientInTheLastCallIsTakenOrDropped(Dialect dialect, bool clips, bool taken)
    {
        using Parameter always = Plain.Parameter(0, 0), sometimes = Plain.Parameter(0);
        using Adamax optimizer = new([always, sometimes], Plain.Descent(dialect) with
        {
            Beta1 = 0.5,
            AccumulationSteps = 2,
            GlobalClipNorm = clips ? 1e6 : null,
            SkipNonFinite = true,
        });
        sometimes.Gradient[0] = 4;
        optimizer.Step();
        sometimes.ClearGradient();
        StepReport report = optimizer.Step();
        Assert.Equal(taken ? (2, 0) : (1, 1), (report.TensorsUpdated, report.TensorsSkipped));
        Assert.Equal(taken ? 1f : 0f, optimizer.State(sometimes).FirstMoment[0]);
        Assert.Equal(0.5f, optimizer.State(always).FirstMoment[0]);
        Assert.Equal(0, optimizer.State(sometimes).GradientSum[0]);

        // Nothing of it is left for the next one.
        optimizer.Step();
        Assert.Equal(1, optimizer.Step().TensorsUpdated);
        Assert.Equal(taken ? 1f : 0f, optimizer.State(sometimes).FirstMoment[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FusedZeroingZeroesAfterEveryCallOnlyWhatItsGroupZeroes(bool clips)
    {
        using Parameter zeroed = Plain.Parameter(0, 0, 0), kept = Plain.Parameter(0);
        AdamaxOptions common = new() { AccumulationSteps = 2, GlobalClipNorm = clips ? 1 : null };
        using Adamax optimizer = new(
            [new ParameterGroup([zeroed], common with { ZeroGradients = true }), new ParameterGroup([kept])], common);
        for (int call = 0; call < 4; call++)
        {
            zeroed.Gradient.Fill(1);
            optimizer.Step();
            Assert.Equal([0, 0, 0], zeroed.Gradient.ToArray());
            Assert.Equal(1, kept.Gradient[0]);
        }
    }

    [Theory]
    [InlineData(Dialect.MXNet)]
    [InlineData(Dialect.Optax)]
    [InlineData(Dialect.PyTorch)]
    public void MeansOfEqualGradientsAreTheGradient(Dialect dialect)
    {
        using Parameter single = Make.WithGradient(1_000), several = Make.WithGradient(1_000);
        AdamOptions options = new() { Dialect = dialect, LearningRate = 0.01, ClipNorm = 3, GlobalClipNorm = 2 };
        using Adam plain = new([single], options), accumulating = new([several], options with { AccumulationSteps = 4 });
        for (int step = 0; step < 3; step++)
        {
            plain.Step();
            for (int call = 0; call < 4; call++)
                accumulating.Step();
        }

        Bits.AssertEqual(single.Weights, several.Weights, "weights");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TheLookForNonFiniteGradientsIsNotTakenForTheNormOfTheMean(int calls)
    {
        using Parameter blind = Make.Weights(1_000), looking = Make.Weights(1_000);
        AdamOptions options = new() { LearningRate = 0.01, GlobalClipNorm = 2, AccumulationSteps = calls };
        using Adam first = new([blind], options), second = new([looking], options with { SkipNonFinite = true });
        for (int call = 0; call < 6; call++)
        {
            float[] gradient = Training.Numbers((uint)call + 1, 1_000);
            blind.CopyGradient(gradient);
            looking.CopyGradient(gradient);
            StepReport report = first.Step();
            Assert.Equal(report, second.Step());
            Assert.Equal((call + 1) % calls == 0, report.GradientNorm > 2);
        }

        Bits.AssertEqual(blind.Weights, looking.Weights, "weights");
    }

    private static Adam MultiSteps(Parameter parameter, bool skips) => new([parameter], new AdamOptions
    {
        Dialect = Dialect.Optax,
        LearningRate = 0.1,
        AccumulationSteps = 3,
        SkipNonFinite = skips,
    });
}
