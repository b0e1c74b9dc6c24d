using System.Runtime.InteropServices;

namespace NativeAdamax.Tests;

public sealed class FusedOpsRefusalTests
{
    private static readonly StepScalars Scalars = new() { C1 = 0.1, C2 = 0.001, Eps = 1e-8, Step = 0.01, Ema = 0.25 };

    [Fact]
    public void ASpanOfAnotherLengthIsRefusedByName()
    {
        float[] w = Ramp(8), g = Ramp(8), m = new float[8], v = new float[8], s = new float[7];
        Refused("g", () => FusedOps.Adam(w, s, m, v, Scalars));
        Refused("m", () => FusedOps.Adam(w, g, s, v, Scalars));
        Refused("v", () => FusedOps.Adam(w, g, m, s, Scalars));
        Refused("x", () => FusedOps.Adam(w, g, m, v, Scalars, s));
        Refused("a", () => FusedOps.Adam(w, g, m, v, Scalars, default, s));
        Refused("g", () => FusedOps.Adamax(w, s, m, v, Scalars));
        Refused("m", () => FusedOps.Adamax(w, g, s, v, Scalars));
        Refused("u", () => FusedOps.Adamax(w, g, m, s, Scalars));
        Refused("a", () => FusedOps.Adamax(w, g, m, v, Scalars, s));
        Refused("a", () => FusedOps.Ema(w, s, 0.5));
        Refused("s", () => FusedOps.Accumulate(g, s));
        Assert.Equal(Ramp(8), w);
    }

    [Fact]
    public void SpansThatShareOneElementAreRefusedByNameAndNeighboursAreNot()
    {
        float[] all = Ramp(32), g = Ramp(8), m = new float[8], v = new float[8];
        Refused("v", () => FusedOps.Adam(all.AsSpan(0, 8), g, m, all.AsSpan(7, 8), Scalars));
        Refused("u", () => FusedOps.Adamax(all.AsSpan(7, 8), g, m, all.AsSpan(0, 8), Scalars));
        Refused("g", () => FusedOps.Adam(all.AsSpan(0, 8), all.AsSpan(0, 8), m, v, Scalars));
        Refused("a", () => FusedOps.Adam(all.AsSpan(0, 8), g, m, v, Scalars, default, all.AsSpan(4, 8)));
        Refused("a", () => FusedOps.Ema(all.AsSpan(0, 8), all.AsSpan(7, 8), 0.5));
        Refused("s", () => FusedOps.Accumulate(all.AsSpan(0, 8), all.AsSpan(7, 8)));
        Assert.Equal(Ramp(32), all);
        FusedOps.Adam(all.AsSpan(0, 8), all.AsSpan(8, 8), all.AsSpan(16, 8), all.AsSpan(24, 8), Scalars);
        Assert.NotEqual(0, all[0]);
    }

    [Fact]
    public void ASpanBetweenTwoFloatsIsRefused()
    {
        byte[] bytes = new byte[64];
        Refused("g", () => FusedOps.Accumulate(Shifted(bytes), new float[8]));
        Refused("values", () => FusedOps.SumOfSquares(Shifted(bytes)));
        Refused("values", () => FusedOps.FirstNonFinite(Shifted(bytes)));
    }

    [Theory]
    [InlineData("GradScale", double.NaN)]
    [InlineData("GradScale", 1e39)]
    [InlineData("Clip", 0)]
    [InlineData("Clip", -1)]
    [InlineData("Clip", double.NaN)]
    [InlineData("L2", -0.1)]
    [InlineData("L2", double.PositiveInfinity)]
    [InlineData("C1", -0.1)]
    [InlineData("C1", 1.1)]
    [InlineData("C1", double.NaN)]
    [InlineData("C2", 1.1)]
    [InlineData("C2", double.NaN)]
    [InlineData("VCap", -1)]
    [InlineData("VCap", double.NaN)]
    [InlineData("NuScale", -1)]
    [InlineData("NuScale", double.NaN)]
    [InlineData("Root", -1)]
    [InlineData("Root", double.NaN)]
    [InlineData("Eps", -1)]
    [InlineData("Eps", double.NaN)]
    [InlineData("EpsIn", -1)]
    [InlineData("EpsIn", double.NaN)]
    [InlineData("NumM", double.NaN)]
    [InlineData("NumG", double.NegativeInfinity)]
    [InlineData("Lambda", double.NaN)]
    [InlineData("Step", double.NaN)]
    [InlineData("Step", 1e39)]
    [InlineData("Ema", -0.1)]
    [InlineData("Ema", double.NaN)]
    public void AScalarOutOfRangeIsRefusedWithItsNameAndValue(string name, double value)
    {
        float[] w = Ramp(8), g = Ramp(8), m = new float[8], v = new float[8];
        StepScalars bad = With(name, value);
        Action[] calls = [() => FusedOps.Adam(w, g, m, v, bad), () => FusedOps.Adamax(w, g, m, v, bad)];
        foreach (Action call in calls)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("scalars", call);
            Assert.Equal(value, error.ActualValue);
            Assert.StartsWith(name + " must be ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(Ramp(8), w);
    }

    [Fact]
    public void NumbersOutOfRangeAreRefusedByTheSmallOperations()
    {
        float[] w = Ramp(8), a = Ramp(8);
        Assert.Throws<ArgumentOutOfRangeException>("ema", () => FusedOps.Ema(w, a, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>("ema", () => FusedOps.Ema(w, a, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => FusedOps.Accumulate(w, a, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => FusedOps.Accumulate(w, a, 1e39));
    }

    [Fact]
    public void ScalarsThatWereNeverSetAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        "scalars", () => FusedOps.Adam(new float[1], new float[1], new float[1], new float[1], default));

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i / 128f)];

    private static Span<float> Shifted(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes.AsSpan(1, 32));

    private static void Refused(string name, Action call)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(name, call);
        Assert.StartsWith(name + " ", error.Message, StringComparison.Ordinal);
    }

    private static StepScalars With(string name, double value) => name switch
    {
        "GradScale" => Scalars with { GradScale = value },
        "Clip" => Scalars with { Clip = value },
        "L2" => Scalars with { L2 = value },
        "C1" => Scalars with { C1 = value },
        "C2" => Scalars with { C2 = value },
        "VCap" => Scalars with { VCap = value },
        "NuScale" => Scalars with { NuScale = value },
        "Root" => Scalars with { Root = value },
        "Eps" => Scalars with { Eps = value },
        "EpsIn" => Scalars with { EpsIn = value },
        "NumM" => Scalars with { NumM = value },
        "NumG" => Scalars with { NumG = value },
        "Lambda" => Scalars with { Lambda = value },
        "Step" => Scalars with { Step = value },
        "Ema" => Scalars with { Ema = value },
        _ => throw new ArgumentException(name, nameof(name)),
    };
}
