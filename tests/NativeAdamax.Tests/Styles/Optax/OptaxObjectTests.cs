using NativeAdamax.Schedules.Optax;
using NativeAdamax.Styles.Optax;
using NativeAdamax.Tests.Optimizers;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Styles.Optax;

/// <summary>optax's way of calling gives the bits of the optimizer object in its dialect.</summary>
public sealed class OptaxObjectTests
{
    private static readonly LearningRate Rate = 0.01;
    private static readonly LearningRate Cosine = new CosineDecaySchedule(0.05, 12);

    private static readonly Dictionary<string, (GradientTransformation Style, OptimizerOptions Options)> Pairs = new()
    {
        ["adam"] = (Adam(0.01), new AdamOptions { LearningRate = Rate }),
        ["adam with other numbers"] = (
            Adam(0.01, b1: 0.8, b2: 0.99, eps: 1e-3, epsRoot: 1e-4),
            new AdamOptions { LearningRate = Rate, Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-3, EpsilonRoot = 1e-4 }),
        ["adam with a schedule"] = (Adam(Cosine), new AdamOptions { LearningRate = Cosine }),
        ["nadam"] = (Nadam(0.01), new NadamOptions { LearningRate = Rate }),
        ["nesterov"] = (Adam(0.01, nesterov: true), new AdamOptions { LearningRate = Rate, Nesterov = true }),
        ["amsgrad"] = (AmsGrad(0.01), new AdamOptions { LearningRate = Rate, AmsGrad = true }),
        ["adamax"] = (Adamax(0.01), new AdamaxOptions { LearningRate = Rate }),
        ["adamw"] = (AdamW(0.01), new AdamWOptions { LearningRate = Rate }),
        ["adamw of some leaves"] = (
            AdamW(0.01, weightDecay: 0.3, mask: Mask.Leaves(true, false, true, true)),
            new AdamWOptions { LearningRate = Rate, WeightDecay = 0.3, DecayMask = p => p.Name != "leaf1" }),
        ["nadamw"] = (NadamW(0.01, weightDecay: 0.3), new NadamOptions { LearningRate = Rate, WeightDecay = 0.3 }),
        ["adamaxw"] = (AdamaxW(Cosine), new AdamaxOptions { LearningRate = Cosine, WeightDecay = 1e-4 }),
        ["clip by global norm"] = (
            Chain(ClipByGlobalNorm(1.5), Adam(0.01)), new AdamOptions { LearningRate = Rate, GlobalClipNorm = 1.5 }),
        ["clip by a norm that is not reached"] = (
            Chain(ClipByGlobalNorm(1e6), Adamax(0.01)), new AdamaxOptions { LearningRate = Rate }),
        ["clip"] = (Chain(Clip(0.25), AmsGrad(0.01)),
            new AdamOptions { LearningRate = Rate, AmsGrad = true, ClipValue = 0.25 }),
        ["all of it"] = (
            Chain(ClipByGlobalNorm(1.5), Clip(0.1), AdamW(Cosine, weightDecay: 0.2)),
            new AdamWOptions { LearningRate = Cosine, GlobalClipNorm = 1.5, ClipValue = 0.1, WeightDecay = 0.2 }),
        ["coupled decay"] = (
            Chain(Clip(0.25), AddDecayedWeights(0.1), Adam(0.01)),
            new AdamOptions
            {
                LearningRate = Rate,
                ClipValue = 0.25,
                WeightDecay = 0.1,
                WeightDecayForm = WeightDecayForm.Coupled,
            }),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AppliedUpdatesAreTheStepsOfTheObject(string name)
    {
        (GradientTransformation style, OptimizerOptions options) = Pairs[name];
        Assert.True(((Chain)style).IsFused);
        Tree expected = Trees.Train(options with { Dialect = Dialect.Optax }, 25);
        Trees.AssertSameBits(expected, Trees.Train(style, 25).Parameters, name);
    }

    [Fact]
    public void LongLeavesAreCutIntoPartsWithoutATrace()
    {
        const int length = 400_000;
        float[] w = Training.Numbers(1, length), g = Training.Numbers(2, length);
        Chain chain = Chain(ClipByGlobalNorm(10), AdamW(0.01, weightDecay: 0.1));
        Tree parameters = new(w, [1f]), gradients = new(g, [0.5f]);
        (Tree updates, _) = chain.Update(gradients, chain.Init(parameters), parameters);
        using Parameter a = Parameter.Create(w), b = Parameter.Create([1f]);
        using AdamW optimizer = new([a, b], new AdamWOptions
        {
            Dialect = Dialect.Optax,
            LearningRate = 0.01,
            WeightDecay = 0.1,
            GlobalClipNorm = 10,
        });
        optimizer.Step([.. g, 0.5f]);
        Bits.AssertEqual(a.Weights, ApplyUpdates(parameters, updates)[0], "a long leaf");
    }

    [Fact]
    public void MultiStepsAreTheAccumulationOfTheObject()
    {
        Func<long, int> growing = updates => 1 + (int)updates % 3;
        foreach ((GradientTransformation style, OptimizerOptions options) in new (GradientTransformation, OptimizerOptions)[]
        {
            (new MultiSteps(Adamax(Cosine), 4), new AdamaxOptions { LearningRate = Cosine, AccumulationSteps = 4 }),
            (new MultiSteps(AdamW(Cosine), growing), new AdamWOptions { LearningRate = Cosine, AccumulationSchedule = growing }),
        })
        {
            Tree expected = Trees.Train(options with { Dialect = Dialect.Optax }, 21);
            Trees.AssertSameBits(expected, Trees.Train(style, 21).Parameters, options.GetType().Name);
        }
    }

    [Fact]
    public void RefusedGradientsAreThoseOfTheObject()
    {
        Tree expected = Trees.Train(
            new AdamOptions
            {
                Dialect = Dialect.Optax,
                LearningRate = Rate,
                SkipNonFinite = true,
                MaxConsecutiveSkips = 2,
            },
            12, WithNaN);
        Trees.AssertSameBits(expected, Trees.Train(ApplyIfFinite(Adam(0.01), 2), 12, WithNaN).Parameters, "apply_if_finite");

        static Tree WithNaN(int step)
        {
            Tree gradients = Trees.Gradients(step);
            if (step is 3 or 5 or 6 or 9)
                gradients[3]![17] = step == 3 ? float.NaN : float.NegativeInfinity;
            return gradients;
        }
    }
}
