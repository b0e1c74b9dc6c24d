using NativeAdamax.Constraints;

namespace NativeAdamax.Tests.Constraints;

public sealed class ConstraintTests
{
    public static TheoryData<BackendSelection, Dialect> Everywhere
    {
        get
        {
            TheoryData<BackendSelection, Dialect> all = [];
            foreach (BackendSelection backend in Backend.Available)
            {
                foreach (Dialect dialect in (Dialect[])[Dialect.Keras, Dialect.TfKeras, Dialect.Optax])
                    all.Add(backend, dialect);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void NonNegativeWeightsStopAtZeroInTheStepItself(BackendSelection backend, Dialect dialect)
    {
        using Parameter bounded = Parameter.Create([0.5f, 0.0005f, 0f, 3f, -1f]);
        using Parameter free = Parameter.Create([0.5f, 0.0005f, 0f, 3f, -1f]);
        bounded.Constraint = WeightConstraint.NonNegative;
        foreach (Parameter parameter in (Parameter[])[bounded, free])
            parameter.CopyGradient([1, 1, 1, -1, 1]);
        using Adamax optimizer = new(
            [bounded, free], new AdamaxOptions { Dialect = dialect, LearningRate = 0.001, Backend = backend });
        optimizer.Step();
        Assert.Equal([free.Weights[0], 0, 0, free.Weights[3], 0], bounded.Weights.ToArray());
        Assert.True(free.Weights[1] < 0 && free.Weights[2] < 0);
        Assert.Equal(optimizer.State(free).FirstMoment.ToArray(), optimizer.State(bounded).FirstMoment.ToArray());
    }

    [Fact]
    public void AnAverageSeesWeightsBeforeTheirConstraint()
    {
        using Parameter parameter = Parameter.Create([0.0005f]);
        parameter.Constraint = WeightConstraint.NonNegative;
        parameter.CopyGradient([1]);
        using Adamax optimizer = new([parameter], new AdamaxOptions { Ema = new EmaOptions() });
        optimizer.Step();
        Assert.Equal(0, parameter.Weights[0]);
        Assert.True(optimizer.Ema!.Average(parameter)[0] < 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NormsAreBroughtIntoTheirRange(bool byRow)
    {
        float[] weights = [3, 0.01f, 4, 0.02f, 0, 0.02f];
        const int rows = 3, columns = 2;
        double[] before = Norms(weights, rows, columns, byRow);
        AssertNorms(NormConstraint.Max(rows, columns, 2, byRow), n => Math.Min(n, 2));
        AssertNorms(NormConstraint.Unit(rows, columns, byRow), n => n == 0 ? 0 : 1);
        AssertNorms(
            NormConstraint.MinMax(rows, columns, 0.5, 1, 0.25, byRow),
            n => n == 0 ? 0 : 0.25 * Math.Clamp(n, 0.5, 1) + 0.75 * n);

        void AssertNorms(NormConstraint constraint, Func<double, double> wanted)
        {
            float[] changed = [.. weights];
            constraint.Apply(changed);
            double[] after = Norms(changed, rows, columns, byRow);
            for (int i = 0; i < before.Length; i++)
                Assert.Equal(wanted(before[i]), after[i], 2e-5 * (1 + before[i]));
        }
    }

    [Fact]
    public void ANormConstraintOfAnotherShapeIsRefused()
    {
        Assert.Throws<ArgumentException>(() => NormConstraint.Unit(2, 2).Apply(new float[5]));
        using Parameter parameter = Parameter.Create([1f, 2f]);
        Assert.Throws<ArgumentException>(() => parameter.Constraint = NormConstraint.Max(3, 1));
        Assert.Null(parameter.Constraint);
        Assert.Throws<ArgumentOutOfRangeException>(() => NormConstraint.Max(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormConstraint.Max(1, 1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormConstraint.MinMax(1, 1, least: 2, most: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormConstraint.MinMax(1, 1, rate: 1.5));
        Assert.Throws<ArgumentNullException>(() => WeightConstraint.From(null!));
    }

    [Fact]
    public void AStepWhoseConstraintThrowsIsCountedForItWasDone()
    {
        using Parameter parameter = Parameter.Create([1f]);
        parameter.Constraint = WeightConstraint.From(_ => throw new FormatException());
        parameter.CopyGradient([1]);
        using Adam optimizer = new([parameter]);
        Assert.Throws<FormatException>(() => optimizer.Step());
        Assert.NotEqual(1, parameter.Weights[0]);
        Assert.Equal((1L, 1L, 1L), (optimizer.StepCount, optimizer.CallCount, optimizer.State(parameter).UpdateCount));
        Assert.Throws<FormatException>(() =>
        {
            using OpenStep step = optimizer.StepAsTheyCome();
            step.Update(parameter);
            step.Complete();
        });
        Assert.Equal((2L, 2L, 2L), (optimizer.StepCount, optimizer.CallCount, optimizer.State(parameter).UpdateCount));
    }

    [Fact]
    public void OnlyParametersThatTakePartAreConstrained()
    {
        using Parameter moved = Parameter.Create([1f]), rested = Parameter.Create([1f]), frozen = Parameter.Create([1f]);
        foreach (Parameter parameter in (Parameter[])[moved, rested, frozen])
        {
            parameter.CopyGradient([1]);
            parameter.Constraint = WeightConstraint.From(w => w.Fill(7));
        }

        rested.ClearGradient();
        frozen.IsFrozen = true;
        using Adam optimizer = new([moved, rested, frozen]);
        StepReport report = optimizer.Step();
        Assert.Equal((1, 2), (report.TensorsUpdated, report.TensorsSkipped));
        Assert.Equal((7, 1, 1), (moved.Weights[0], rested.Weights[0], frozen.Weights[0]));
    }

    private static double[] Norms(float[] weights, int rows, int columns, bool byRow)
    {
        double[] squares = new double[byRow ? rows : columns];
        for (int i = 0; i < weights.Length; i++)
            squares[byRow ? i / columns : i % columns] += (double)weights[i] * weights[i];
        return [.. squares.Select(Math.Sqrt)];
    }
}
