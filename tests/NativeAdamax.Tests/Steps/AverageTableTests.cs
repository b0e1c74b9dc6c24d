using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Steps;

/// <summary>Averages of weights under accumulation and overwriting, by hand: w0 = 10, gradients of 1, rate 1.</summary>
public sealed class AverageTableTests
{
    private const double Tolerance = 3e-6;

    [Fact]
    public void WithAccumulationKerasMovesAndOverwritesAtEveryCall() => AssertTable(
        Dialect.Keras, calls: 2,
        weights: [10, 9, 9, 8.9, 8.9, 7.9, 8.71, 8.61], averages: [10, 9, 9, 8.9, 8.9, 8.8, 8.71, 8.61]);

    [Fact]
    public void WithoutAccumulationEverySecondUpdateOverwrites() => AssertTable(
        Dialect.Keras, calls: 1, weights: [9, 8.9, 7.9, 8.61], averages: [9, 8.9, 8.8, 8.61]);

    [Fact]
    public void TfKerasStartsFromTheWeightsAtConstruction() => AssertTable(
        Dialect.TfKeras, calls: 1, weights: [9, 9.71, 8.71, 9.42], averages: [9.9, 9.71, 9.61, 9.42]);

    [Fact]
    public void ElsewhereAveragesMoveWithUpdatesAlone() => AssertTable(
        Dialect.PyTorch, calls: 2, weights: [10, 9, 9, 8.9, 8.9, 7.9, 7.9, 8.61], averages: [0, 9, 9, 8.9, 8.9, 8.8, 8.8, 8.61]);

    [Fact]
    public void ACallScheduleOverwritesByUpdatesAsWell()
    {
        using Parameter parameter = Plain.Parameter(10);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.Keras) with
        {
            Ema = new EmaOptions { Momentum = 0.9, OverwriteFrequency = 2 },
            AccumulationSchedule = updates => updates == 1 ? 3 : 2,
        });
        double[] expected = [10, 9, 9, 9, 8.9, 8.9, 7.9];
        foreach (double weight in expected)
        {
            optimizer.Step();
            Assert.Equal(weight, parameter.Weights[0], Tolerance);
        }
    }

    [Fact]
    public void ADebiasedAverageIsTheOneFromZerosFreedOfTheirShare()
    {
        using Parameter parameter = Plain.Parameter(10, -3);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.Optax, 0.25) with
        {
            Ema = new EmaOptions { Momentum = 0.9, ZeroDebias = true },
        });
        double fromZero = 0;
        for (int n = 1; n <= 40; n++)
        {
            optimizer.Step();
            fromZero = 0.9 * fromZero + 0.1 * parameter.Weights[0];
            Assert.Equal(fromZero / (1 - Math.Pow(0.9, n)), optimizer.Ema!.Average(parameter)[0], 1e-5);
        }
    }

    [Fact]
    public void AWarmingAverageHasAMomentumThatGrows()
    {
        using Parameter parameter = Plain.Parameter(10, -3);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.TfKeras, 0.25) with
        {
            Ema = new EmaOptions { Momentum = 0.5, WarmUp = true },
        });
        double average = 10;
        for (int n = 0; n < 30; n++)
        {
            optimizer.Step();
            double momentum = Math.Min(0.5, (1.0 + n) / (10 + n));
            average = momentum * average + (1 - momentum) * parameter.Weights[0];
            Assert.Equal(average, optimizer.Ema!.Average(parameter)[0], 1e-5);
        }
    }

    [Fact]
    public void FormsOfAnAverageThatExcludeEachOtherOrDivideByZeroAreRefused()
    {
        using Parameter parameter = Plain.Parameter(1);
        Assert.Throws<ArgumentException>(() => new WeightEma([parameter], new EmaOptions { ZeroDebias = true, WarmUp = true }));
        Assert.Throws<ArgumentException>(() => new WeightEma([parameter], new EmaOptions { ZeroDebias = true, Momentum = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmaOptions { OverwriteFrequency = -1 });
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.TfKeras)]
    public void AveragesBecomeTheWeightsForGood(Dialect dialect)
    {
        using Parameter parameter = Make.WithGradient(1_000);
        using Adam optimizer = new([parameter], new AdamOptions { Dialect = dialect, Ema = new EmaOptions { Momentum = 0.5 } });
        Assert.Throws<InvalidOperationException>(optimizer.Ema!.CopyToWeights);
        optimizer.Step();
        optimizer.Step();
        float[] averages = optimizer.Ema.Average(parameter).ToArray(), moment = optimizer.State(parameter).FirstMoment.ToArray();
        Assert.False(Bits.AreEqual(averages, parameter.Weights));
        using (optimizer.Ema.Swap())
            Assert.Throws<InvalidOperationException>(optimizer.Ema.CopyToWeights);
        optimizer.Ema.CopyToWeights();
        Bits.AssertEqual(averages, parameter.Weights, "weights");
        Bits.AssertEqual(averages, optimizer.Ema.Average(parameter), "averages");
        Bits.AssertEqual(moment, optimizer.State(parameter).FirstMoment, "first moment");
        Assert.Equal((2, 2), (optimizer.StepCount, optimizer.Ema.Updates));
        optimizer.Dispose();
        Assert.Throws<ObjectDisposedException>(optimizer.Ema.CopyToWeights);
    }

    private static void AssertTable(Dialect dialect, int calls, double[] weights, double[] averages)
    {
        using Parameter parameter = Plain.Parameter(10);
        using Adamax optimizer = new([parameter], Plain.Descent(dialect) with
        {
            AccumulationSteps = calls,
            Ema = new EmaOptions { Momentum = 0.9, OverwriteFrequency = 2 },
        });
        for (int call = 0; call < weights.Length; call++)
        {
            optimizer.Step();
            Assert.Equal(weights[call], parameter.Weights[0], Tolerance);
            if (averages[call] == 0)
                Assert.Throws<InvalidOperationException>(() => { optimizer.Ema!.Average(parameter); });
            else
                Assert.Equal(averages[call], optimizer.Ema!.Average(parameter)[0], Tolerance);
        }
    }
}
