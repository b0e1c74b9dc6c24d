using NativeAdamax.Clipping;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

public sealed class ClippingTests
{
    [Fact]
    public void EachSystemHasItsFormulaAboveTheThreshold()
    {
        Assert.Equal(0.25, ClipFormula.Keras.Coefficient(false, 16, 4));
        Assert.Equal(0.25, ClipFormula.Keras.Coefficient(true, 16, 4));
        Assert.Equal(0.25, ClipFormula.Optax.Coefficient(true, 16, 4));
        Assert.Equal(4 / 16.000001, ClipFormula.PyTorch.Coefficient(true, 16, 4));
        Assert.Equal(4 / 16.00000001, ClipFormula.MXNet.Coefficient(true, 16, 4));
        // At the threshold itself PyTorch and MXNet clip already.
        Assert.Equal(1, ClipFormula.Keras.Coefficient(true, 4, 4));
        Assert.Equal(1, ClipFormula.Optax.Coefficient(true, 4, 4));
        Assert.Equal(4 / 4.000001, ClipFormula.PyTorch.Coefficient(true, 4, 4));
    }

    [Fact]
    public void BelowTheThresholdTheCoefficientIsExactlyOne()
    {
        foreach (ClipFormula formula in Enum.GetValues<ClipFormula>())
        {
            // Among them 41, 47, 55, ..., where c * (1 / c) is not 1 in float32.
            for (int most = 1; most <= 100; most++)
            {
                Assert.Equal(1, formula.Coefficient(true, most * 0.99, most));
                Assert.Equal(1, formula.Coefficient(false, 0, most));
            }
        }
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    [InlineData(Dialect.MXNet)]
    [InlineData(Dialect.Optax)]
    [InlineData(Dialect.PyTorch)]
    public void ClippingThatDoesNotClipChangesNoBit(Dialect dialect)
    {
        foreach (double most in new[] { 41.0, 47.0, 0.7 * 100 })
        {
            float[] plain = Weights(Options(dialect));
            Bits.AssertEqual(plain, Weights(Options(dialect) with { GlobalClipNorm = most }), "global norm");
            Bits.AssertEqual(plain, Weights(Options(dialect) with { ClipNorm = most }), "norm");
        }

        Bits.AssertEqual(
            Weights(Options(dialect)), Weights(Options(dialect) with { ClipPercentile = 100 }), "percentile");
    }

    [Theory]
    [InlineData(Dialect.Keras, false, float.PositiveInfinity, true, false)]
    [InlineData(Dialect.Keras, true, float.NegativeInfinity, true, true)]
    [InlineData(Dialect.TfKeras, true, float.PositiveInfinity, true, true)]
    [InlineData(Dialect.Optax, true, float.PositiveInfinity, true, false)]
    [InlineData(Dialect.PyTorch, true, float.PositiveInfinity, true, false)]
    [InlineData(Dialect.MXNet, true, float.PositiveInfinity, true, false)]
    [InlineData(Dialect.Keras, false, float.NaN, true, true)]
    [InlineData(Dialect.Optax, true, float.NaN, true, true)]
    [InlineData(Dialect.PyTorch, true, float.NaN, true, true)]
    public void ANormThatIsNotFiniteMakesNaNOrZeroAsTheSystemHasIt(
        Dialect dialect, bool isGlobal, float bad, bool badIsNaN, bool finiteIsNaN)
    {
        using Parameter parameter = Plain.Parameter(1, 1), other = Plain.Parameter(1);
        using Adamax optimizer = new([parameter, other], Plain.Descent(dialect) with
        {
            Epsilon = 1e-7,
            ClipNorm = isGlobal ? null : 1,
            GlobalClipNorm = isGlobal ? 1 : null,
        });
        StepReport report = Plain.Step(optimizer, parameter, bad, 1);
        ReadOnlySpan<float> m = optimizer.State(parameter).FirstMoment;
        Assert.Equal(badIsNaN, float.IsNaN(m[0]));
        Assert.Equal(finiteIsNaN, float.IsNaN(m[1]));
        Assert.Equal(finiteIsNaN, double.IsNaN(report.ClipCoefficient));
        if (!finiteIsNaN)
            Assert.Equal(0, m[1]);
        // A tensor of its own is clipped by its own norm, or goes down with all.
        float second = optimizer.State(other).FirstMoment[0];
        Assert.Equal(isGlobal ? (finiteIsNaN ? float.NaN : 0) : 1, second);
    }

    [Fact]
    public void NormsAreThoseOfUnscaledMeanGradientsAndTheSmallestCoefficientIsReported()
    {
        using Parameter first = Plain.Parameter(0, 0), second = Plain.Parameter(0);
        using Adamax optimizer = new([first, second], Plain.Descent(Dialect.Optax) with
        {
            ClipNorm = 3,
            AccumulationSteps = 2,
            LossScale = Scaling.LossScale.Fixed(4),
        });
        optimizer.GradientScale = -2;
        second.Gradient[0] = 0;
        Assert.Null(Plain.Step(optimizer, first, 0, 0).GradientNorm);
        second.Gradient[0] = 8;
        StepReport report = Plain.Step(optimizer, first, 12, 16);
        // (12, 16, 8) * -2 / 4 / 2 = (-3, -4, -2)
        Assert.Equal(Math.Sqrt(29), report.GradientNorm!.Value, 1e-12);
        Assert.Equal(0.6, report.ClipCoefficient, 1e-12);
        Assert.Equal(-1.8, optimizer.State(first).FirstMoment[0], 1e-6);
        Assert.Equal(-2, optimizer.State(second).FirstMoment[0]);
    }

    [Fact]
    public void ValueClippingFollowsNormClipping()
    {
        using Parameter parameter = Plain.Parameter(0, 0);
        using Adamax optimizer = new(
            [parameter], Plain.Descent(Dialect.Optax) with { GlobalClipNorm = 5, ClipValue = 3.5 });
        Plain.Step(optimizer, parameter, 6, 8);
        Assert.Equal(3, optimizer.State(parameter).FirstMoment[0], 1e-6);
        Assert.Equal(3.5f, optimizer.State(parameter).FirstMoment[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(99)]
    public void APercentileOfTheLastHundredNormsIsTheThreshold(int percentile)
    {
        PercentileHistory history = new();
        double[] ring = [];
        float[] norms = Training.Numbers(11, 350);
        for (int t = 1; t <= norms.Length; t++)
        {
            double square = (norms[t - 1] + 1.5) * (norms[t - 1] + 1.5);
            ring = t == 1 ? [.. Enumerable.Repeat(square, 100)] : ring;
            ring[t % 100] = square;
            double threshold = Math.Sqrt(ring.Order().ElementAt(percentile)), norm = Math.Sqrt(square);
            Assert.Equal(norm > threshold ? threshold / norm : 1, history.Coefficient(square, percentile), 1e-15);
        }

        Assert.Equal(1, history.Coefficient(double.PositiveInfinity, percentile));
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    public void KerasTakesOneClip(Dialect dialect)
    {
        using Parameter parameter = Plain.Parameter(1);
        AdamOptions options = new() { Dialect = dialect };
        Assert.Throws<ArgumentException>(() => new Adam([parameter], options with { ClipNorm = 1, ClipValue = 1 }));
        Assert.Throws<ArgumentException>(() => new Adam([parameter], options with { ClipNorm = 1, GlobalClipNorm = 1 }));
        Assert.Throws<ArgumentException>(() => new Adam([parameter], options with { GlobalClipNorm = 1, ClipValue = 1 }));
        Assert.Throws<ArgumentException>(() => new Adam(
            [new ParameterGroup([parameter], options with { ClipValue = 1 })], options with { ClipNorm = 1 }));
    }

    private static AdamOptions Options(Dialect dialect) => new() { Dialect = dialect, LearningRate = 0.01 };

    private static float[] Weights(AdamOptions options)
    {
        using Parameter first = Make.WithGradient(1_003), second = Make.WithGradient(17, 2);
        using Adam optimizer = new([first, second], options);
        for (int step = 0; step < 3; step++)
            optimizer.Step();
        return [.. first.Weights, .. second.Weights];
    }
}
