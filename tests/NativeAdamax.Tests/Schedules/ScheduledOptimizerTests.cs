using NativeAdamax.Schedules;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;
using Keras = NativeAdamax.Schedules.Keras;

namespace NativeAdamax.Tests.Schedules;

/// <summary>Schedules at work in an optimizer.</summary>
public sealed class ScheduledOptimizerTests
{
    [Theory]
    [InlineData(Dialect.Keras, 0)]
    [InlineData(Dialect.TfKeras, 0)]
    [InlineData(Dialect.MXNet, 1)]
    [InlineData(Dialect.Optax, 0)]
    [InlineData(Dialect.PyTorch, 0)]
    public void AScheduleSeesTheCountOfTheDialect(Dialect dialect, long first)
    {
        var schedule = new Keras.PolynomialDecay(0.5, 8, 0.1);
        using Parameter parameter = Make.WithGradient();
        using Nadam optimizer = new([parameter], new NadamOptions { Dialect = dialect, LearningRate = schedule });
        for (int step = 0; step < 10; step++)
        {
            Assert.Equal(schedule.At(first + step), optimizer.LearningRate);
            Assert.Equal(schedule.At(first + step), optimizer.Step().LearningRate);
        }
    }

    [Fact]
    public void ANumberIsRefusedWhileAScheduleRules()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter], new AdamOptions { LearningRate = new Keras.CosineDecay(0.5, 8) });
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() =>
            optimizer.LearningRate = 0.1);
        Assert.Contains("CosineDecay", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0.5, optimizer.LearningRate);
    }

    [Fact]
    public void AGroupKeepsItsOwnSchedule()
    {
        using Parameter own = Make.WithGradient(), shared = Make.WithGradient(), alone = Make.WithGradient();
        var fast = new StepLR(0.5, 2);
        ParameterGroup[] groups = [new([shared]), new([own], new AdamaxOptions { LearningRate = fast })];
        using Adamax optimizer = new(groups, new AdamaxOptions { LearningRate = 0.25 });
        using Adamax single = new([alone], new AdamaxOptions { LearningRate = fast });
        optimizer.LearningRate = 0.125;
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(0.125, optimizer.Step().LearningRate);
            single.Step();
        }

        Bits.AssertEqual(alone.Weights, own.Weights, "a group of its own schedule");
    }

    [Theory]
    [InlineData(nameof(Adam))]
    [InlineData(nameof(Adamax))]
    [InlineData(nameof(Nadam))]
    public void ACycleOfBeta1ChangesTheSteps(string name)
    {
        var cycle = new OneCycleLR(0.1, 10);
        float[] cycled = Run(name, cycle), plain = Run(name, LearningRate.From((long count) => cycle.At(count)));
        Assert.False(Bits.AreEqual(cycled, plain));
        Bits.AssertEqual(
            plain, Run(name, new OneCycleLR(0.1, 10, cycleMomentum: false)),
            "the same rates without the cycle of beta1");
        float[] constant = Run(
            name, new OneCycleLR(0.1, 10, baseMomentum: 0.9, maxMomentum: 0.9, annealStrategy: AnnealStrategy.Linear));
        Bits.AssertEqual(
            Run(name, new OneCycleLR(0.1, 10, cycleMomentum: false, annealStrategy: AnnealStrategy.Linear)), constant,
            "a beta1 that stays");
    }

    [Fact]
    public void ABeta1OutOfItsRangeIsRefusedAndChangesNothing()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new([parameter], new AdamOptions { LearningRate = new BadBeta() });
        optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => { optimizer.Step(); });
        Assert.Equal(("Beta1", 1.0), (refused.ParamName, refused.ActualValue));
        before.AssertUnchanged(optimizer);
    }

    [Fact]
    public void AStepBeyondTheEndOfACycleIsRefusedAndChangesNothing()
    {
        using Parameter parameter = Make.WithGradient();
        using Adam optimizer = new(
            [parameter], new AdamOptions { Dialect = Dialect.PyTorch, LearningRate = new OneCycleLR(0.1, 2) });
        for (int step = 0; step < 3; step++)
            optimizer.Step();
        Make.Snapshot before = Make.Snap(optimizer);
        Assert.Throws<ArgumentOutOfRangeException>(() => { optimizer.Step(); });
        before.AssertUnchanged(optimizer);
    }

    [Fact]
    public void AScheduleToldAMetricRulesTheNextStep()
    {
        using Parameter parameter = Make.WithGradient();
        var schedule = new ReduceLROnPlateau(0.5, factor: 0.5, patience: 0);
        using AdamW optimizer = new(
            [parameter], new AdamWOptions { Dialect = Dialect.PyTorch, LearningRate = schedule });
        Assert.Equal(0.5, optimizer.Step().LearningRate);
        schedule.Report(1);
        schedule.Report(1);
        Assert.Equal(0.25, optimizer.Step().LearningRate);
    }

    private static float[] Run(string name, LearningRate rate)
    {
        using Parameter parameter = Make.WithGradient();
        using Optimizer optimizer = name switch
        {
            nameof(Adam) => new Adam([parameter], new AdamOptions { LearningRate = rate }),
            nameof(Adamax) => new Adamax([parameter], new AdamaxOptions { LearningRate = rate }),
            _ => new Nadam([parameter], new NadamOptions { LearningRate = rate }),
        };
        for (int step = 0; step < 10; step++)
        {
            parameter.CopyGradient(Training.Numbers((uint)(50 + step), 10));
            optimizer.Step();
        }

        return parameter.Weights.ToArray();
    }

    /// <summary>A user's schedule whose second beta1 is out of range.</summary>
    private sealed class BadBeta : Schedule
    {
        public override double? Beta1At(long count) => count == 0 ? 0.5 : 1;

        protected override double Rate(long count) => 0.1;
    }
}
