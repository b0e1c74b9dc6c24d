using CommunityToolkit.HighPerformance;

namespace NativeAdamax.Tests.Precision;

/// <summary>Combinations that cannot be right are refused, with what is wrong and why, before anything is changed.</summary>
public sealed class PrecisionRefusalTests
{
    [Fact]
    public void FormatsAreRefusedWhereTheyCannotHoldTheStream()
    {
        AssertRefused(() => new StatePrecision { SecondMoment = StateFormat.FourBitDynamic }, "SecondMoment", "FourBitDynamic");
        AssertRefused(() => new StatePrecision { Average = StateFormat.EightBit }, "Average", "EightBit");
        AssertRefused(() => new StatePrecision { Average = StateFormat.EightBitDynamic }, "Average", "EightBitDynamic");
        AssertRefused(() => new StatePrecision { Average = StateFormat.FourBitDynamic }, "Average", "FourBitDynamic");
        Assert.Throws<ArgumentOutOfRangeException>(() => new StatePrecision { FirstMoment = (StateFormat)99 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StatePrecision { SecondMoment = (StateFormat)99 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StatePrecision { Average = (StateFormat)(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StatePrecision { FewestQuantized = -1 });
    }

    [Theory]
    [InlineData(SparseMode.LazyRows)]
    [InlineData(SparseMode.Exact)]
    public void RowsThatAreUpdatedAloneNeedFloats(SparseMode mode)
    {
        using Parameter w = Parameter.Create(new float[8]), b = ReducedRun.Make(WeightKind.Rest16, new float[8], "embedding");
        AdamOptions options = new() { SparseMode = mode, Precision = StatePrecision.BFloat16 };
        AssertRefused(() => new Adam([w], options), "Precision", $"{mode}");
        using Adam optimizer = new([b], options with { Precision = null });
        b.SetRowGradient([1], new Span2D<float>([1f, 1f], 1, 2));
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Contains("embedding", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SparseMode.Dense), e.Message, StringComparison.Ordinal);
        Assert.Equal(0, optimizer.StepCount);
        Assert.All(ReducedRun.WeightsOf(b), x => Assert.Equal(0, x));
    }

    [Fact]
    public void RowsInTheWholeAreTheWholeGradient()
    {
        float[] whole = [0, 0, 1, -1, 0, 0, 0, 0];
        foreach (WeightKind kind in Enum.GetValues<WeightKind>())
        {
            using Parameter rows = ReducedRun.Make(kind, new float[8]), all = ReducedRun.Make(kind, new float[8]);
            rows.SetRowGradient([1], new Span2D<float>([1f, -1f], 1, 2));
            all.SetGradient(whole);
            AdamOptions options = new() { Precision = StatePrecision.EightBit with { FewestQuantized = 0 } };
            using Adam one = new([rows], options), other = new([all], options);
            one.Step();
            other.Step();
            Assert.Equal(ReducedRun.ModelBytes(all), ReducedRun.ModelBytes(rows));
        }
    }

    [Fact]
    public void PrecisionIsLaidOutOnceAndForAllGroups()
    {
        using Parameter a = Parameter.Create([1f]), b = Parameter.Create([1f]);
        using Adam optimizer = new([a], new AdamOptions { Precision = StatePrecision.BFloat16 });
        AssertRefused(
            () =>
            {
                optimizer.SetOptions(new AdamOptions { Precision = StatePrecision.EightBit });
                return null;
            },
            "Precision", "construction");
        AssertRefused(
            () => new Adam([new ParameterGroup([a], new AdamOptions { Precision = StatePrecision.BFloat16 })], new AdamOptions()),
            "Precision", "whole optimizer");
        optimizer.AddGroup(new ParameterGroup([b], new AdamOptions { Precision = StatePrecision.BFloat16 }));
        Assert.Equal(StateFormat.BFloat16, optimizer.State(b).FirstMomentFormat);
    }

    private static void AssertRefused(Func<object?> act, string argument, string reason)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(act);
        Assert.Equal(argument, e.ParamName);
        Assert.Contains(argument, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }
}
