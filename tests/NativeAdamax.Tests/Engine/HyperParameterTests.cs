namespace NativeAdamax.Tests.Engine;

/// <summary>Numbers out of range are refused by name, value and range, before an optimizer exists.</summary>
public sealed class HyperParameterTests
{
    private static readonly Dictionary<string, Func<double, object>> Settings = new()
    {
        ["LearningRate"] = x => new AdamOptions { LearningRate = x },
        ["Beta1"] = x => new AdamaxOptions { Beta1 = x },
        ["Beta2"] = x => new NadamOptions { Beta2 = x },
        ["Epsilon"] = x => new AdamWOptions { Epsilon = x },
        ["WeightDecay"] = x => new AdamWOptions { WeightDecay = x },
        ["ClipValue"] = x => new AdamaxOptions { ClipValue = x },
        ["EpsilonRoot"] = x => new AdamOptions { EpsilonRoot = x },
        ["MomentumDecay"] = x => new NadamOptions { MomentumDecay = x },
        ["Momentum"] = x => new EmaOptions { Momentum = x },
    };

    [Theory]
    [InlineData("LearningRate", double.NaN, -1e-300, -1.0, double.PositiveInfinity, 1e39)]
    [InlineData("Beta1", double.NaN, -0.1, 1.0, 1.5, double.PositiveInfinity)]
    [InlineData("Beta2", double.NaN, -1e-9, 1.0, 2.0, double.NegativeInfinity)]
    [InlineData("Epsilon", double.NaN, -1e-8, double.PositiveInfinity, 1e-60)]
    [InlineData("WeightDecay", double.NaN, -0.01, double.PositiveInfinity)]
    [InlineData("ClipValue", double.NaN, 0.0, 1e-50, -1.0, double.NegativeInfinity)]
    [InlineData("EpsilonRoot", double.NaN, -1e-9, double.PositiveInfinity)]
    [InlineData("MomentumDecay", double.NaN, -0.004, double.PositiveInfinity)]
    [InlineData("Momentum", double.NaN, -0.5, 1.01)]
    public void ANumberOutOfRangeIsRefusedByNameAndValue(string name, params double[] values)
    {
        foreach (double value in values)
        {
            ArgumentOutOfRangeException refused =
                Assert.Throws<ArgumentOutOfRangeException>(() => Settings[name](value));
            Assert.Equal(name, refused.ParamName);
            Assert.Equal(value, refused.ActualValue);
            Assert.Contains("must be", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("LearningRate", 0.0, 1.0, 100.0)]
    [InlineData("Beta1", 0.0, 0.9, 0.999999)]
    [InlineData("Beta2", 0.0, 0.5, 0.9999999)]
    [InlineData("Epsilon", 0.0, 1e-30, 1.0)]
    [InlineData("WeightDecay", 0.0, 10.0)]
    [InlineData("ClipValue", 1e-3, 1e30)]
    [InlineData("EpsilonRoot", 0.0, 1.0)]
    [InlineData("MomentumDecay", 0.0, 1.0)]
    [InlineData("Momentum", 0.0, 0.5, 1.0)]
    public void ANumberInRangeIsKept(string name, params double[] values)
    {
        foreach (double value in values)
        {
            object options = Settings[name](value);
            object? kept = options.GetType().GetProperty(name)!.GetValue(options);
            Assert.Equal(value, kept is LearningRate rate ? rate.At(0) : (double)kept!);
        }
    }

    [Fact]
    public void WordsOutOfTheirEnumerationAreRefused()
    {
        AssertRefused("Dialect", () => new AdamOptions { Dialect = (Dialect)77 });
        AssertRefused("WeightDecayForm", () => new AdamOptions { WeightDecayForm = (WeightDecayForm)(-1) });
        AssertRefused("MaxDegreeOfParallelism", () => new AdamOptions { MaxDegreeOfParallelism = -1 });
    }

    [Fact]
    public void AMissingFunctionIsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => LearningRate.From((Func<double>)null!));
        Assert.Throws<ArgumentNullException>(() => LearningRate.From((Func<long, double>)null!));
    }

    private static void AssertRefused(string name, Func<object> make) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);
}
