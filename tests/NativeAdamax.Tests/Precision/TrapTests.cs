using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>
/// What befalls systems that compute in the type of their weights, and not this library: scalars are double and float32,
/// counts whole numbers.
/// </summary>
public sealed class TrapTests
{
    private const int Length = 100;

    /// <summary>beta2 0.999 as bfloat16 is 1: the correction of v divides by 0, or the step is 0.</summary>
    [Theory]
    [InlineData(WeightKind.None)]
    [InlineData(WeightKind.Rest8)]
    [InlineData(WeightKind.Rest16)]
    [InlineData(WeightKind.BFloat16)]
    public void ABeta2ThatRoundsToOneDoesNotStopWeights(WeightKind kind)
    {
        Assert.Equal(1f, (float)(BFloat16)0.999f);
        foreach (string name in new[] { "Keras Adam", "Keras AdamW", "Keras Nadam", "Keras Adamax", "Torch Adam" })
        {
            OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new()) with
            {
                LearningRate = 0.125,
                Precision = StatePrecision.BFloat16,
            };
            using Parameter w = ReducedRun.Make(kind, new float[Length]);
            using Optimizer optimizer = OptimizerFactory.Create([w], options);
            w.SetGradient(Enumerable.Repeat((BFloat16)0.25f, Length).ToArray());
            optimizer.Step();
            Assert.All(ReducedRun.WeightsOf(w), x => Assert.InRange(x, -0.14f, -0.11f));
        }
    }

    /// <summary>And u of Adamax decays.</summary>
    [Fact]
    public void AnInfinityNormDecays()
    {
        using Parameter w = ReducedRun.Make(WeightKind.None, new float[2000]);
        using Adamax optimizer = new([w], new AdamaxOptions { Precision = StatePrecision.BFloat16 });
        w.SetGradient(Enumerable.Repeat((BFloat16)1f, 2000).ToArray());
        optimizer.Step();
        w.SetGradient(new BFloat16[2000]);
        for (int i = 0; i < 500; i++)
            optimizer.Step();
        float[] u = new float[2000];
        optimizer.State(w).CopySecondMomentTo(u);
        Assert.Equal(Math.Pow(0.999, 500), u.Average(x => (double)x), 0.01);
    }

    /// <summary>1e-8 is 0 in binary16: 0 / 0 for a gradient of 0.</summary>
    [Fact]
    public void AnEpsilonThatVanishesInBinary16DoesNotMakeNaN()
    {
        Assert.Equal(Half.Zero, (Half)1e-8f);
        foreach (string name in new[] { "Optax Adam", "MXNet Adam", "Optax Adamax" })
        {
            using Parameter w = ReducedRun.Make(WeightKind.Half, Training.Numbers(1, Length));
            byte[] before = ReducedRun.ModelBytes(w);
            OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new()) with { Epsilon = 1e-8 };
            using Optimizer optimizer = OptimizerFactory.Create([w], options);
            w.SetGradient(new Half[Length]);
            for (int i = 0; i < 3; i++)
                optimizer.Step();
            Assert.Equal(before, ReducedRun.ModelBytes(w));
        }
    }

    /// <summary>bfloat16 counts to 256, binary16 to 2048: here the corrections go on.</summary>
    [Theory]
    [InlineData(WeightKind.None, 256)]
    [InlineData(WeightKind.Half, 2048)]
    public void CountsDoNotStick(WeightKind kind, int sticksAt)
    {
        Assert.Equal(256f, (float)(BFloat16)257f);
        Assert.Equal(2048f, (float)(Half)2049f);
        using Parameter w = ReducedRun.Make(kind, new float[4]);
        using Adam optimizer = new([w], new AdamOptions { Precision = StatePrecision.BFloat16 });
        w.SetGradient(new BFloat16[4]);
        for (int i = 0; i < sticksAt + 5; i++)
            optimizer.Step();
        Assert.Equal(sticksAt + 5, optimizer.State(w).UpdateCount);
        Assert.Equal(sticksAt + 5, optimizer.StepCount);
    }

    /// <summary>A small step on a weight of 1 is below half a unit of bfloat16: to nearest it would be lost for ever.</summary>
    [Theory]
    [InlineData(WeightKind.None)]
    [InlineData(WeightKind.Rest8)]
    [InlineData(WeightKind.Rest16)]
    [InlineData(WeightKind.BFloat16)]
    [InlineData(WeightKind.Half)]
    public void SmallStepsAddUp(WeightKind kind)
    {
        using Parameter w = ReducedRun.Make(kind, [.. Enumerable.Repeat(1f, 4000)]);
        using Adam optimizer = new([w], new AdamOptions { LearningRate = 1e-4 });
        w.SetGradient(Enumerable.Repeat(1f, 4000).ToArray());
        for (int i = 0; i < 1000; i++)
            optimizer.Step();

        // Steps are equal here: 16 bits of fraction round each by the same part of 2^-17.
        double bound = kind == WeightKind.Rest8 ? 1000 * Math.Pow(2, -17) : 0.003;
        Assert.Equal(0.9, ReducedRun.WeightsOf(w).Average(x => (double)x), bound);
    }

    /// <summary>
    /// The second moment of small gradients beside large ones is below the smallest code, and the first is not where the
    /// large ones change their sign: as 0 it would leave epsilon alone in the divisor once the small ones stop, and steps of
    /// a thousand times the learning rate.
    /// </summary>
    [Theory]
    [InlineData(StateFormat.EightBit, StateFormat.EightBit)]
    [InlineData(StateFormat.EightBitDynamic, StateFormat.EightBitDynamic)]
    [InlineData(StateFormat.Float32, StateFormat.EightBit)]
    [InlineData(StateFormat.Float32, StateFormat.EightBitDynamic)]
    public void ASecondMomentInEightBitsDoesNotBecomeZeroBesideALargerOne(StateFormat first, StateFormat second)
    {
        float[] gradient = new float[1024];
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = i % 4 == 0 ? 1 : MathF.Pow(2, -(i % 23));
        foreach (string name in new[] { "Keras Adam", "Keras Nadam", "Keras Adamax", "Torch AMSGrad" })
        {
            OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new()) with
            {
                LearningRate = 0.001,
                Precision = new() { FirstMoment = first, SecondMoment = second, FewestQuantized = 0 },
            };
            using Parameter w = Parameter.Create(new float[gradient.Length]);
            using Optimizer optimizer = OptimizerFactory.Create([w], options);
            float[] before = w.Weights.ToArray();
            for (int step = 0; step < 30; step++)
            {
                int sign = step % 2 == 0 ? 1 : -1;
                w.SetGradient(gradient.Select(g => g == 1 ? sign : step < 10 ? g : 0).ToArray());
                optimizer.Step();
                float[] after = w.Weights.ToArray();
                for (int i = 0; i < after.Length; i++)
                    Assert.True(Math.Abs(after[i] - before[i]) < 0.002, $"{name}, step {step}: {before[i]} to {after[i]} at {i}");
                before = after;
            }
        }
    }

    /// <summary>A second moment that is rounded to nearest sticks: allowed, and warned of. At random it does not.</summary>
    [Theory]
    [InlineData(StateFormat.BFloat16, true)]
    [InlineData(StateFormat.BFloat16Random, false)]
    public void ASecondMomentRoundedToNearestSticksAndIsWarnedOf(StateFormat format, bool sticks)
    {
        TrapWarningTests.ListLogger log = new();
        using Parameter w = Parameter.Create(new float[4000]);
        using Adam optimizer = new([w], new AdamOptions { Precision = new() { SecondMoment = format }, Logger = log });
        Assert.Equal(sticks ? 1 : 0, log.Said.Count(s => s.Contains("second moment", StringComparison.Ordinal)));
        w.SetGradient(Enumerable.Repeat(1f, 4000).ToArray());
        optimizer.State(w).SetSecondMoment([.. Enumerable.Repeat(4f, 4000)]);
        for (int i = 0; i < 300; i++)
            optimizer.Step();
        float[] v = new float[4000];
        optimizer.State(w).CopySecondMomentTo(v);
        Assert.Equal(sticks ? 4 : 1 + 3 * Math.Pow(0.999, 300), v.Average(x => (double)x), 0.02);
    }
    [Theory]
    [InlineData(StateFormat.BFloat16, true, true)]
    [InlineData(StateFormat.BFloat16, false, false)]
    [InlineData(StateFormat.BFloat16Random, true, false)]
    [InlineData(StateFormat.Float32, true, false)]
    public void AnAverageRoundedToNearestIsWarnedOf(StateFormat format, bool averages, bool warns)
    {
        TrapWarningTests.ListLogger log = new();
        using Parameter first = Parameter.Create(new float[3]), second = Parameter.Create(new float[3]);
        using Adam optimizer = new([first], new AdamOptions
        {
            Ema = averages ? new EmaOptions { Momentum = 0.995 } : null,
            Precision = new() { Average = format },
            Logger = log,
        });
        optimizer.AddGroup(new ParameterGroup([second]));
        Assert.Equal(warns ? 1 : 0, log.Said.Count);
        Assert.All(log.Said, said => Assert.StartsWith("The average of the weights", said, StringComparison.Ordinal));
        Assert.All(log.Said, said => Assert.Contains("momentum 0.995", said, StringComparison.Ordinal));
    }
}
