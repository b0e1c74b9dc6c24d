using NativeAdamax.Scaling;
using NativeAdamax.Tests.Engine;

namespace NativeAdamax.Tests.Steps;

/// <summary>What holds for a whole optimizer, and what a group or a parameter may have of its own.</summary>
public sealed class GroupOptionTests
{
    public static TheoryData<string> Names => [.. Whole.Keys];

    private static readonly Dictionary<string, AdamOptions> Whole = new()
    {
        ["ClipNorm"] = new() { ClipNorm = 1 },
        ["GlobalClipNorm"] = new() { GlobalClipNorm = 1 },
        ["ClipPercentile"] = new() { ClipPercentile = 5 },
        ["AccumulationSteps"] = new() { AccumulationSteps = 2 },
        ["AccumulationSchedule"] = new() { AccumulationSchedule = _ => 1 },
        ["LossScale"] = new() { LossScale = LossScale.Fixed(2) },
        ["SkipNonFinite"] = new() { SkipNonFinite = true },
        ["MaxConsecutiveSkips"] = new() { SkipNonFinite = true, MaxConsecutiveSkips = 1 },
        ["DecayMask"] = new() { DecayMask = _ => true },
        ["Ema"] = new() { Ema = new EmaOptions() },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void AGroupCannotSayOtherwiseWhatHoldsForAll(string name)
    {
        using Parameter parameter = Make.Weights();
        ParameterGroup[] groups = [new([parameter], Whole[name])];
        AdamOptions optimizer = name == "MaxConsecutiveSkips" ? new() { SkipNonFinite = true } : new();
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new Adam(groups, optimizer));
        Assert.Equal(name, refused.ParamName);
        using Adam agrees = new(groups, Whole[name]);
    }

    [Theory]
    [InlineData(Dialect.Keras)]
    [InlineData(Dialect.Optax)]
    public void TheMaskIsAskedOnceForEachParameterAndAFactorOverridesIt(Dialect dialect)
    {
        using Parameter kernel = Parameter.Create([8f], "kernel"), bias = Parameter.Create([8f], "bias");
        List<string> asked = [];
        AdamWOptions options = new()
        {
            Dialect = dialect,
            LearningRate = 0.5,
            WeightDecay = 0.5,
            DecayMask = p =>
            {
                asked.Add(p.Name);
                return p.Name != "bias";
            },
        };
        using AdamW optimizer = new([kernel, bias], options);
        optimizer.Step();
        optimizer.Step();
        Assert.Equal(["kernel", "bias"], asked);
        Assert.Equal((4.5f, 8f), (kernel.Weights[0], bias.Weights[0]));
        optimizer.SetWeightDecayFactor(kernel, 0);
        optimizer.SetWeightDecayFactor(bias, 2);
        optimizer.Step();
        Assert.Equal((4.5f, 4f), (kernel.Weights[0], bias.Weights[0]));
        optimizer.SetLearningRateFactor(bias, 0);
        optimizer.Step();
        Assert.Equal(4f, bias.Weights[0]);
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => optimizer.SetLearningRateFactor(bias, -1));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => optimizer.SetWeightDecayFactor(bias, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("GradientScale", () => optimizer.GradientScale = 1e39);
    }

    [Theory]
    [InlineData("Adam")]
    [InlineData("Nesterov")]
    [InlineData("Adamax")]
    [InlineData("Nadam")]
    public void WithoutBiasCorrectionTheMomentsAreTakenAsTheyAre(string name)
    {
        using Parameter parameter = Parameter.Create([1f]);
        using Optimizer optimizer = name switch
        {
            "Adamax" => new Adamax([parameter], new AdamaxOptions { BiasCorrection = false, Dialect = Dialect.MXNet }),
            "Nadam" => new Nadam([parameter], new NadamOptions { BiasCorrection = false, Dialect = Dialect.PyTorch }),
            _ => new Adam([parameter], new AdamOptions
            {
                BiasCorrection = false,
                Dialect = Dialect.Optax,
                LearningRate = 0.002,
                Nesterov = name == "Nesterov",
            }),
        };
        double rate = optimizer.LearningRate, w = 1, m = 0, v = 0, u = 0;
        for (int t = 1; t <= 20; t++)
        {
            double g = Math.Sin(t) + 0.5;
            Plain.Step(optimizer, parameter, (float)g);
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            u = Math.Max(0.999 * u, Math.Abs(g));
            double mu = Mu(t), next = Mu(t + 1);
            w -= rate * name switch
            {
                "Adam" => m / (Math.Sqrt(v) + 1e-8),
                "Nesterov" => (0.9 * m + 0.1 * g) / (Math.Sqrt(v) + 1e-8),
                "Adamax" => m / (u + 1e-8),
                _ => (next * m + (1 - mu) * g) / (Math.Sqrt(v) + 1e-8),
            };
            Assert.Equal(w, parameter.Weights[0], 2e-6);
        }
    }

    private static double Mu(int t) => 0.9 * (1 - 0.5 * Math.Pow(0.96, t * 0.004));
}
