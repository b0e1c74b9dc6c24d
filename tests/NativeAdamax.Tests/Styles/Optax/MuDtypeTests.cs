using NativeAdamax.Styles.Optax;
using NativeAdamax.Tests.Optimizers;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Styles.Optax;

/// <summary>mu_dtype: first moments are rounded where they are stored, and the step takes them as they were computed.</summary>
public sealed class MuDtypeTests
{
    private const int Length = 500;

    public static TheoryData<string> Names => ["adam", "nadam", "adamw", "amsgrad", "nadamw"];

    [Theory]
    [MemberData(nameof(Names))]
    public void UpdatesAreThoseOfTheObjectWithThatPrecision(string name)
    {
        Chain chain = Of(name, StateFormat.BFloat16);
        OptimizerOptions options = name switch
        {
            "adam" => new AdamOptions(),
            "nadam" => new AdamOptions { Nesterov = true },
            "adamw" => new AdamWOptions { WeightDecay = 0.1 },
            "nadamw" => new AdamWOptions { WeightDecay = 0.1, Nesterov = true },
            _ => new AdamOptions { AmsGrad = true },
        };
        float[] initial = Training.Numbers(1, Length);
        using Parameter w = Parameter.Create(initial);
        using Optimizer optimizer = OptimizerFactory.Create([w], options with
        {
            Dialect = Dialect.Optax,
            LearningRate = 0.01,
            Precision = new StatePrecision { FirstMoment = StateFormat.BFloat16 },
        });
        Tree parameters = initial;
        TransformState state = chain.Init(parameters);
        float[] m = new float[Length];
        for (uint step = 0; step < 6; step++)
        {
            float[] gradient = Training.Numbers(step + 10, Length), changes = new float[Length];
            (Tree updates, state) = chain.Update(gradient, state, parameters);
            optimizer.Step(gradient, changes);
            for (int i = 0; i < Length; i++)
                Assert.Equal(changes[i], updates[0]![i], 1e-7);
            optimizer.State(w).CopyFirstMomentTo(m);
            float[] mu = ((ScaleByAdamState)((ChainState)state).States[0]).Mu[0]!;
            Bits.AssertEqual(m, mu, $"{name}, mu of step {step}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WithoutItNothingIsRounded(string name)
    {
        (_, TransformState state) = Update(Of(name, StateFormat.Float32));
        (_, TransformState rounded) = Update(Of(name, StateFormat.BFloat16));
        float[] exact = ((ScaleByAdamState)((ChainState)state).States[0]).Mu[0]!;
        float[] stored = ((ScaleByAdamState)((ChainState)rounded).States[0]).Mu[0]!;
        Assert.NotEqual(exact, stored);
        Assert.Equal(exact.Select(m => (float)(BFloat16)m), stored);
    }

    [Fact]
    public void OtherTypesAreRefused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Adam(0.1, muDtype: StateFormat.EightBit));
        Assert.Equal("muDtype", e.ParamName);
        Assert.Throws<ArgumentException>(() => ScaleByAmsgrad(muDtype: StateFormat.BFloat16Random));
    }

    private static (Tree Updates, TransformState State) Update(Chain chain)
    {
        Tree parameters = Training.Numbers(1, Length);
        return chain.Update(Training.Numbers(2, Length), chain.Init(parameters), parameters);
    }

    private static Chain Of(string name, StateFormat mu) => name switch
    {
        "adam" => Adam(0.01, muDtype: mu),
        "nadam" => Nadam(0.01, muDtype: mu),
        "adamw" => AdamW(0.01, weightDecay: 0.1, muDtype: mu),
        "nadamw" => NadamW(0.01, weightDecay: 0.1, muDtype: mu),
        _ => AmsGrad(0.01, muDtype: mu),
    };
}
