using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>
/// Combinations for which there is no golden file, against the float64 reference. A hundred steps of rate 0.001 on
/// weights below 1 leave at most 2e-6 of rounding (the systems' own float32 runs: up to 2.3e-6).
/// </summary>
public sealed class ReferenceAgreementTests
{
    private const int Steps = 100, Length = 200;
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Cases => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheDefaultsFollowTheSystemsRecurrence(string name) => AssertFollows(OptimizerCases.Of(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void WeightDecayEntersWhereTheSystemPutsIt(string name) =>
        AssertFollows(OptimizerCases.Of(name) with { WeightDecay = 0.3 });

    [Theory]
    [MemberData(nameof(Cases))]
    public void ClippingPrecedesDecayAndMaximizingClimbs(string name) =>
        AssertFollows(OptimizerCases.Of(name) with { ClipValue = 0.3, Maximize = true, WeightDecay = 0.1 });

    [Theory]
    [MemberData(nameof(Cases))]
    public void OtherBetasAndALargeEpsilonEnterWhereTheSystemPutsThem(string name) =>
        AssertFollows(OptimizerCases.Of(name) with { Beta1 = 0.5, Beta2 = 0.9, Epsilon = 0.03 });

    [Fact]
    public void MXNetsAdamWStepDecaysTheNewWeight()
    {
        ReferenceSettings settings = OptimizerCases.Of("MXNet AdamW") with { WeightDecay = 0.5, FusedStep = false };
        AssertFollows(settings, options => options with { WeightDecayForm = WeightDecayForm.DecoupledAfterUpdate });
    }

    [Fact]
    public void OptaxAmsGradTakesARootAndNesterovMomentum() =>
        AssertFollows(OptimizerCases.Of("Optax AMSGrad") with { EpsilonRoot = 0.01, Nesterov = true });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AdaptiveEpsilonMovesTfKerasToAlgorithmOne(bool adaptive) =>
        AssertFollows(OptimizerCases.Of("TfKeras Adam") with { Epsilon = 0.01, AdaptiveEpsilon = adaptive });

    [Theory]
    [MemberData(nameof(Cases))]
    public void ATensorWithoutAGradientIsCountedAsTheSystemCounts(string name)
    {
        ReferenceSettings settings = OptimizerCases.Of(name);
        if (settings.Peer != Peer.Optax)
            AssertFollows(settings, missingAt: step => step is 1 or 2 or 5 or 50);
    }

    private static void AssertFollows(
        ReferenceSettings settings, Func<OptimizerOptions, OptimizerOptions>? change = null,
        Func<int, bool>? missingAt = null)
    {
        float[] initial = Training.Numbers(1, Length);
        ReferenceTensor exact = ReferenceTensor.Create(settings, initial);
        OptimizerOptions options = OptimizerFactory.Options(settings, new());
        using Parameter parameter = Parameter.Create(initial), other = Parameter.Create(1);
        using Optimizer optimizer = OptimizerFactory.Create([parameter, other], change?.Invoke(options) ?? options);
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradient = Training.Numbers((uint)(100 + step), Length);
            if (missingAt?.Invoke(step) ?? false)
            {
                parameter.ClearGradient();
                exact.Step((double[]?)null);
            }
            else
            {
                parameter.CopyGradient(gradient);
                exact.Step(gradient);
            }

            optimizer.Step();
        }

        for (int i = 0; i < Length; i++)
        {
            double distance = Math.Abs(parameter.Weights[i] - exact.W[i]);
            Assert.True(distance <= Tolerance, $"{settings}: element {i} is {distance:g3} from {exact.W[i]:R}");
        }
    }
}
