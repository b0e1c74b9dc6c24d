using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>An option that nobody set has the value of the system whose dialect is spoken.</summary>
public sealed class DefaultTests
{
    public static TheoryData<string> Cases => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void UnsetOptionsHaveTheDefaultsOfTheSystem(string name)
    {
        ReferenceSettings expected = OptimizerCases.Of(name);
        using Parameter parameter = Parameter.Create(1);
        OptimizerOptions unset = Unset(expected) with { Dialect = OptimizerFactory.DialectOf(expected.Peer) };
        if (expected.Peer == Peer.Optax)
        {
            ArgumentException refused =
                Assert.Throws<ArgumentException>(() => OptimizerFactory.Create([parameter], unset));
            Assert.Contains("learning rate", refused.Message, StringComparison.Ordinal);
            unset = unset with { LearningRate = expected.LearningRate };
        }

        using Optimizer optimizer = OptimizerFactory.Create([parameter], unset);
        Assert.Equal(expected.LearningRate, optimizer.LearningRate);
        Assert.Equal(expected.Beta1, optimizer.Options.Beta1);
        Assert.Equal(expected.Beta2, optimizer.Options.Beta2);
        Assert.Equal(expected.Epsilon, optimizer.Options.Epsilon);
        Assert.Equal(expected.WeightDecay, optimizer.Options.WeightDecay);
        if (optimizer.Options is NadamOptions nadam)
        {
            double? decay = expected.Peer switch
            {
                Peer.Keras or Peer.TfKeras => 1,
                Peer.Optax => null,
                _ => 0.004,
            };
            Assert.Equal(decay, nadam.MomentumDecay);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepWithUnsetOptionsIsTheStepWithTheDefaultsSpelledOut(string name)
    {
        ReferenceSettings settings = OptimizerCases.Of(name);
        using Parameter spelled = Parameter.Create(Training.Numbers(1, 50)),
            unset = Parameter.Create(Training.Numbers(1, 50));
        using Optimizer first = OptimizerFactory.Create([spelled], settings);
        using Optimizer second = OptimizerFactory.Create([unset], Unset(settings) with
        {
            Dialect = OptimizerFactory.DialectOf(settings.Peer),
            LearningRate = settings.Peer == Peer.Optax ? settings.LearningRate : null!,
        });
        for (uint step = 1; step <= 3; step++)
        {
            spelled.CopyGradient(Training.Numbers(10 + step, 50));
            unset.CopyGradient(Training.Numbers(10 + step, 50));
            first.Step();
            second.Step();
        }

        Bits.AssertEqual(spelled.Weights, unset.Weights, name);
    }

    [Fact]
    public void WithoutOptionsAnOptimizerSpeaksKeras()
    {
        using Parameter parameter = Parameter.Create(1);
        using Adamax optimizer = new([parameter]);
        Assert.Equal(Dialect.Keras, optimizer.Options.Dialect);
        Assert.Null(optimizer.Ema);
    }

    private static OptimizerOptions Unset(ReferenceSettings settings) => settings.Algorithm switch
    {
        Algorithm.Adam => new AdamOptions { AmsGrad = settings.AmsGrad },
        Algorithm.AdamW => new AdamWOptions(),
        Algorithm.Adamax => new AdamaxOptions(),
        _ => new NadamOptions(),
    };
}
