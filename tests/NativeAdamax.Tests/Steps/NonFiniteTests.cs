using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

/// <summary>Gradients that are infinite or NaN.</summary>
public sealed class NonFiniteTests
{
    [Fact]
    public void AfterSoManySkipsInARowAllPassUntilOneIsFinite()
    {
        using Parameter parameter = Plain.Parameter(5, 5);
        using Adamax optimizer = new(
            [parameter], Plain.Descent(Dialect.Optax) with { SkipNonFinite = true, MaxConsecutiveSkips = 2 });
        bool[] finite = [false, false, false, false, true, false, false, false];
        bool[] done = [false, false, true, true, true, false, false, true];
        int[] inARow = [1, 2, 3, 4, 0, 1, 2, 3];
        float second = 5;
        for (int i = 0; i < finite.Length; i++)
        {
            StepReport report = Plain.Step(optimizer, parameter, finite[i] ? 1 : float.NaN, 1);
            Assert.Equal((done[i], inARow[i]), (report.IsUpdate, optimizer.NonFiniteInARow));
            Assert.Equal(done[i] ? null : parameter, report.NonFiniteParameter);
            second -= done[i] ? 1 : 0;
            Assert.Equal(second, parameter.Weights[1]);
            Assert.Equal(i >= 2, float.IsNaN(parameter.Weights[0]));
        }

        Assert.Equal((7, 4), (optimizer.NonFiniteCount, optimizer.StepCount));
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    [InlineData(Dialect.MXNet)]
    [InlineData(Dialect.Optax)]
    [InlineData(Dialect.PyTorch)]
    public void RefusedCallsChangeNothingAndLeaveNoTrace(Dialect dialect)
    {
        AdamOptions options = new()
        {
            Dialect = dialect,
            LearningRate = LearningRate.From(count => 0.01 / (1 + count)),
            AmsGrad = dialect != Dialect.MXNet,
            WeightDecay = 0.1,
            GlobalClipNorm = 1,
            AccumulationSteps = 3,
            SkipNonFinite = true,
            Ema = new EmaOptions { Momentum = 0.9, OverwriteFrequency = 2 },
        };
        float[][] without = Run(options, []);
        // Before everything, in the middle of an accumulation, at the call that would have ended it, twice in a row.
        float[][] with = Run(options, [0, 4, 5, 5, 8]);
        for (int k = 0; k < without.Length; k++)
            Bits.AssertEqual(without[k], with[k], $"{dialect}, stream {k}");
    }

    [Theory]
    [InlineData(0, 0, float.NaN)]
    [InlineData(1, 4_096, float.NegativeInfinity)]
    [InlineData(2, 69_999, float.PositiveInfinity)]
    public void TheReportNamesTheFirstParameterAndIndex(int tensor, int index, float value)
    {
        foreach (BackendSelection backend in Backend.Available)
        {
            Parameter[] parameters = [Make.WithGradient(1), Make.WithGradient(5_000, 2), Make.WithGradient(70_000, 3)];
            using Adam optimizer = new(parameters, new AdamOptions { SkipNonFinite = true, Backend = backend });
            parameters[tensor].Gradient[index] = value;
            parameters[2].Gradient[^1] = float.NaN;
            StepReport report = optimizer.Step();
            Assert.Equal(parameters[tensor], report.NonFiniteParameter);
            Assert.Equal((false, 0L, index), (report.IsUpdate, report.Step, report.NonFiniteIndex));
            parameters[tensor].ClearGradient();
            Assert.Equal(tensor < 2, optimizer.Step().NonFiniteParameter is not null);
            foreach (Parameter parameter in parameters)
                parameter.Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARefusedGradientIsZeroedWhereEveryStepZeroes(bool zeroes)
    {
        using Parameter parameter = Plain.Parameter(1, 1);
        using Adamax optimizer = new(
            [parameter], Plain.Descent(Dialect.PyTorch) with { SkipNonFinite = true, ZeroGradients = zeroes });
        parameter.Gradient[1] = float.NaN;
        Assert.Equal(1, optimizer.Step().NonFiniteIndex);
        // A backward pass that adds to the gradient.
        parameter.Gradient[0] += 1;
        parameter.Gradient[1] += 1;
        Assert.Equal(zeroes, optimizer.Step().IsUpdate);
    }

    [Fact]
    public void WithoutALookNothingIsRefusedOrCounted()
    {
        using Parameter parameter = Plain.Parameter(1);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.PyTorch));
        StepReport report = Plain.Step(optimizer, parameter, float.NaN);
        Assert.Equal((true, null, -1L), (report.IsUpdate, report.NonFiniteParameter, report.NonFiniteIndex));
        Assert.Equal(0, optimizer.NonFiniteCount);
        Assert.True(float.IsNaN(parameter.Weights[0]));
    }

    [Fact]
    public void HugeFiniteGradientsAreNotTakenForInfinite()
    {
        using Parameter parameter = Make.Weights(10_000);
        parameter.Gradient.Fill(float.MaxValue);
        using Adamax optimizer = new(
            [parameter], new AdamaxOptions { SkipNonFinite = true, GlobalClipNorm = 1, Dialect = Dialect.PyTorch });
        StepReport report = optimizer.Step();
        Assert.True(report.IsUpdate);
        Assert.Equal(100 * (double)float.MaxValue, report.GradientNorm!.Value, 1e28);
        Assert.Equal(0.001, optimizer.State(parameter).FirstMoment[7], 1e-6);
    }

    private static float[][] Run(AdamOptions options, int[] refusedBefore)
    {
        using Parameter first = Make.WithGradient(1_001), second = Make.WithGradient(33, 2);
        using Adam optimizer = new([first, second], options);
        for (int call = 0; call < 12; call++)
        {
            foreach (int _ in refusedBefore.Where(c => c == call))
                AssertRefused(optimizer, second);
            first.CopyGradient(Training.Numbers((uint)(100 + call), 1_001));
            second.CopyGradient(Training.Numbers((uint)(200 + call), 33));
            Assert.Null(optimizer.Step().NonFiniteParameter);
        }

        Assert.Equal((4, 12, refusedBefore.Length), (optimizer.StepCount, optimizer.CallCount, optimizer.NonFiniteCount));
        return State(optimizer);
    }

    private static void AssertRefused(Optimizer optimizer, Parameter parameter)
    {
        parameter.Gradient[32] = float.PositiveInfinity;
        float[][] before = State(optimizer);
        float[] gradient = parameter.Gradient.ToArray();
        (long, long, long?, double, long) counts = Counts(optimizer);
        StepReport report = optimizer.Step();
        Assert.Equal((parameter, 32L, false), (report.NonFiniteParameter, report.NonFiniteIndex, report.IsUpdate));
        Assert.Equal(counts, Counts(optimizer));
        float[][] after = State(optimizer);
        for (int k = 0; k < before.Length; k++)
            Bits.AssertEqual(before[k], after[k], $"stream {k} after a refused call");
        Bits.AssertEqual(gradient, parameter.Gradient, "the gradient");
    }

    private static (long, long, long?, double, long) Counts(Optimizer optimizer) => (
        optimizer.StepCount, optimizer.CallCount, optimizer.Ema?.Updates, optimizer.LearningRate,
        optimizer.State(optimizer.Parameters[0]).UpdateCount);

    private static float[][] State(Optimizer optimizer) =>
    [
        .. optimizer.Parameters.Select(p => p.Weights.ToArray()),
        .. optimizer.Parameters.Select(p => optimizer.State(p).FirstMoment.ToArray()),
        .. optimizer.Parameters.Select(p => optimizer.State(p).SecondMoment.ToArray()),
        .. optimizer.Parameters.Select(p => optimizer.State(p).MaxSecondMoment.ToArray()),
        .. optimizer.Parameters.Select(p => optimizer.State(p).GradientSum.ToArray()),
        .. optimizer.Parameters.Select(p => optimizer.Ema!.Updates > 0 ? optimizer.Ema.Average(p).ToArray() : []),
    ];
}
