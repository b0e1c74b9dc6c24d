using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>
/// A parameter whose gradient has stopped. In plain float32 its momentum sticks for ever at a few of the smallest
/// denormals, and every later step pays for them.
/// </summary>
public sealed class DeadParameterTests
{
    private const int LiveSteps = 10, DeadSteps = 10_000, Length = 37;

    public static TheoryData<string> Cases => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheMomentumBecomesZeroAndNothingStoredIsEverDenormal(string name)
    {
        ReferenceSettings settings = OptimizerCases.Of(name);
        using Parameter parameter = Parameter.Create(Training.Numbers(1, Length));
        using Optimizer optimizer = OptimizerFactory.Create([parameter], settings);
        for (int step = 1; step <= LiveSteps; step++)
        {
            Training.Numbers((uint)(50 + step), Length).CopyTo(parameter.Gradient);
            optimizer.Step();
        }

        parameter.Gradient.Clear();
        float[] second = optimizer.State(parameter).SecondMoment.ToArray();
        int? zeroSince = null;
        for (int step = 1; step <= DeadSteps; step++)
        {
            optimizer.Step();
            AssertNormal(optimizer.State(parameter).FirstMoment, step, "m");
            AssertNormal(optimizer.State(parameter).SecondMoment, step, "v");
            AssertNormal(parameter.Weights, step, "w");
            bool zero = optimizer.State(parameter).FirstMoment.IndexOfAnyExcept(0f) < 0;
            Assert.False(zeroSince is not null && !zero, $"the momentum came back from zero at dead step {step}");
            if (zero)
                zeroSince ??= step;
        }

        Assert.True(zeroSince is > 500 and < 1_000, $"the momentum was zero from dead step {zeroSince} on");
        AssertDecayed(second, optimizer.State(parameter).SecondMoment, settings);
    }

    [Fact]
    public void WithoutAnEpsilonNothingIsFlushed()
    {
        // A flushed momentum over a root just as small would turn a finite quotient into 0/0.
        ReferenceSettings settings = OptimizerCases.Of("Torch Adam") with { Epsilon = 0 };
        using Parameter parameter = Parameter.Create([1f, 2f]);
        using Optimizer optimizer = OptimizerFactory.Create([parameter], settings);
        parameter.CopyGradient([1e-18f, 1f]);
        optimizer.Step();
        Assert.True(Bits.IsDenormal(optimizer.State(parameter).SecondMoment[0]),
            $"v is {optimizer.State(parameter).SecondMoment[0]}");
        Assert.Equal(0.999f, parameter.Weights[0], 2e-3f);
        Assert.NotEqual(1f, parameter.Weights[0]);
    }

    private static void AssertNormal(ReadOnlySpan<float> values, int step, string stream)
    {
        foreach (float value in values)
        {
            if (Bits.IsDenormal(value) || !float.IsFinite(value))
                Assert.Fail($"{stream} holds {value:g9} at dead step {step}");
        }
    }

    private static void AssertDecayed(float[] before, ReadOnlySpan<float> after, ReferenceSettings settings)
    {
        bool insideMaximum = settings.Algorithm == Algorithm.Adamax && settings.Peer is Peer.Torch or Peer.Optax;
        double floor = insideMaximum ? settings.Epsilon : 0;
        for (int i = 0; i < before.Length; i++)
        {
            double expected = Math.Max(before[i] * Math.Pow(settings.Beta2, DeadSteps), floor);
            Assert.Equal(expected, after[i], 1e-5 * expected);
        }
    }
}
