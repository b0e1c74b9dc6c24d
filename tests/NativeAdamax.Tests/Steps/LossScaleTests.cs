using NativeAdamax.Scaling;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

public sealed class LossScaleTests
{
    private static readonly float[] Outcomes = [1, float.PositiveInfinity, 1, 1, 1, 1, float.NaN];

    [Theory]
    [InlineData(Dialect.Keras, 5, 8.0, 4.0, 4.0, 8.0, 8.0, 16.0, 8.0)]
    [InlineData(Dialect.TfKeras, 7, 8.0, 4.0, 4.0, 8.0, 8.0, 16.0, 8.0)]
    [InlineData(Dialect.MXNet, 5, 8.0, 8.0, 4.0, 4.0, 8.0, 8.0, 16.0)]
    [InlineData(Dialect.PyTorch, 5, 8.0, 4.0, 4.0, 8.0, 8.0, 16.0, 8.0)]
    public void TheScaleFollowsItsSystemAndRefusedStepsCountInTfKerasAlone(
        Dialect dialect, long steps, params double[] scales)
    {
        DynamicLossScale scale = new(dialect) { Initial = 8, GrowthInterval = 2 };
        using Parameter parameter = Plain.Parameter(100);
        using Adamax optimizer = new([parameter], Plain.Descent(dialect) with { LossScale = scale });
        for (int i = 0; i < scales.Length; i++)
        {
            double before = scale.Scale;
            float weight = parameter.Weights[0];
            Assert.Equal(3 * before, optimizer.ScaleLoss(3));
            StepReport report = Plain.Step(optimizer, parameter, Outcomes[i] * (float)before);
            bool finite = float.IsFinite(Outcomes[i]);
            Assert.Equal((before, finite, finite ? -1 : 0), (report.LossScale, report.IsUpdate, report.NonFiniteIndex));
            Assert.Equal(finite ? weight - 1 : weight, parameter.Weights[0]);
            Assert.Equal(scales[i], scale.Scale);
        }

        Assert.Equal((steps, steps), (optimizer.StepCount, optimizer.State(parameter).UpdateCount));
        Assert.Equal(2, optimizer.NonFiniteCount);
    }

    [Theory]
    [InlineData(Dialect.Keras, 32768, 5.9604644775390625e-8, 8.507059173023462e37)]
    [InlineData(Dialect.TfKeras, 32768, 1, 8.507059173023462e37)]
    [InlineData(Dialect.MXNet, 65536, 5.9604644775390625e-8, 16777216)]
    [InlineData(Dialect.PyTorch, 65536, 5.9604644775390625e-8, 8.507059173023462e37)]
    public void TheScaleStartsWhereItsSystemDoesAndStaysWithinItsBounds(
        Dialect dialect, double first, double least, double most)
    {
        DynamicLossScale scale = LossScale.Dynamic(dialect);
        Assert.Equal((first, 2000, 2.0, 0.5), (scale.Scale, scale.GrowthInterval, scale.Growth, scale.Backoff));
        using Parameter parameter = Plain.Parameter(1);
        using Adamax optimizer = new([parameter], Plain.Descent(dialect) with { LossScale = scale });
        for (int i = 0; i < 300; i++)
            Plain.Step(optimizer, parameter, float.NaN);
        Assert.Equal((least, 1f), (scale.Scale, parameter.Weights[0]));
        Plain.Step(optimizer, parameter, (float)least);
        Assert.True(float.IsFinite(parameter.Weights[0]));

        DynamicLossScale eager = new(dialect) { GrowthInterval = 1 };
        using Adamax grows = new([parameter], Plain.Descent(dialect) with { LossScale = eager });
        for (int i = 0; i < 300; i++)
            Plain.Step(grows, parameter, 0.5f);
        Assert.Equal(most, eager.Scale);
    }

    [Theory]
    [InlineData(Dialect.Keras, 256)]
    [InlineData(Dialect.TfKeras, 0.125)]
    [InlineData(Dialect.Optax, 256)]
    [InlineData(Dialect.PyTorch, 0.125)]
    public void AFixedScaleThatIsAPowerOfTwoLeavesNoTrace(Dialect dialect, double factor)
    {
        using Parameter plain = Make.WithGradient(100), scaled = Make.WithGradient(100);
        for (int i = 0; i < 100; i++)
            scaled.Gradient[i] *= (float)factor;
        AdamOptions options = new() { Dialect = dialect, LearningRate = 0.01 };
        using Adam without = new([plain], options);
        using Adam with = new([scaled], options with { LossScale = LossScale.Fixed(factor) });
        for (int step = 0; step < 5; step++)
            Assert.Equal(without.Step() with { LossScale = factor }, with.Step());
        Bits.AssertEqual(plain.Weights, scaled.Weights, "weights");
        Bits.AssertEqual(without.State(plain).SecondMoment, with.State(scaled).SecondMoment, "second moments");
    }

    [Fact]
    public void AFixedScaleLetsNonFiniteGradientsPass()
    {
        using Parameter parameter = Plain.Parameter(1, 1);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.Keras) with { LossScale = LossScale.Fixed(2) });
        Assert.True(Plain.Step(optimizer, parameter, float.NaN, 2).IsUpdate);
        Assert.True(float.IsNaN(parameter.Weights[0]));
        Assert.Equal(0, parameter.Weights[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void AScaleWhoseReciprocalIsNoFloatIsRefused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => LossScale.Fixed(value));
        Assert.Throws<ArgumentOutOfRangeException>("Initial", () => new DynamicLossScale(Dialect.Keras) { Initial = value });
        Assert.Throws<ArgumentOutOfRangeException>("Least", () => new DynamicLossScale(Dialect.Keras) { Least = value });
        Assert.Throws<ArgumentOutOfRangeException>("Most", () => new DynamicLossScale(Dialect.Keras) { Most = value });
    }

    [Fact]
    public void RatesOfADynamicScaleOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Growth", () => new DynamicLossScale(Dialect.Keras) { Growth = 0.5 });
        Assert.Throws<ArgumentOutOfRangeException>("Backoff", () => new DynamicLossScale(Dialect.Keras) { Backoff = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(
            "GrowthInterval", () => new DynamicLossScale(Dialect.Keras) { GrowthInterval = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => LossScale.Dynamic((Dialect)9));
    }

    [Fact]
    public void AScaleThatMovesIsOneOptimizers()
    {
        using Parameter a = Make.WithGradient(), b = Make.WithGradient(10, 2);
        DynamicLossScale scale = LossScale.Dynamic(Dialect.Keras);
        LossScale constant = LossScale.Fixed(2);
        using (Adam first = new([a], new AdamOptions { LossScale = scale }))
            Assert.Throws<ArgumentException>(() => new Adam([b], new AdamOptions { LossScale = scale }));
        Assert.Throws<ArgumentException>(() => new Adam([b, b], new AdamOptions { LossScale = scale }));
        using Adam later = new([b], new AdamOptions { LossScale = scale });
        using Adam one = new([a], new AdamOptions { LossScale = constant });
        using Parameter c = Make.WithGradient(10, 3);
        using Adam two = new([c], new AdamOptions { LossScale = constant });
    }
}
