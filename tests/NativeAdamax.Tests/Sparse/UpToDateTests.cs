using NativeAdamax.Constraints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Sparse;

/// <summary>What brings rows that missed steps up to date besides asking for them.</summary>
public sealed class UpToDateTests
{
    private const int Height = 7, Width = 3;

    public static TheoryData<string> Occasions =>
        ["flush", "catch up", "first moment", "second moment", "maximum", "group", "dispose", "width", "other rows", "lazy", "dense", "changes"];

    [Theory]
    [MemberData(nameof(Occasions))]
    public void NothingReadsOrMovesRowsThatMissedSteps(string occasion)
    {
        using Parameter whole = Make.Weights(Height * Width), rows = Make.Weights(Height * Width);
        using Parameter joins = Make.WithGradient(5, 9), joinsToo = Make.WithGradient(5, 9);
        AdamOptions options = new() { AmsGrad = true };
        using Adam byWhole = new([whole], options), byRows = new([rows], options with { SparseMode = SparseMode.Exact });
        for (int step = 0; step < 6; step++)
        {
            Rows given = Rows.Of(Width, step % 3);
            whole.CopyGradient(given.Whole(whole.Length));
            given.GiveTo(rows);
            byWhole.Step();
            byRows.Step();
        }

        Assert.False(Bits.AreEqual(whole.Weights, rows.Weights), "no row is behind");
        float[] gradient = Rows.Of(1, 3, 4, 5).Whole(whole.Length);
        switch (occasion)
        {
            case "flush":
                byRows.Flush();
                break;
            case "catch up":
                byRows.CatchUp(rows, [6, 0, 3, 3, 4, 5, 1, 2]);
                break;
            case "first moment":
                Bits.AssertEqual(byWhole.State(whole).FirstMoment, byRows.State(rows).FirstMoment, occasion);
                break;
            case "second moment":
                Bits.AssertEqual(byWhole.State(whole).SecondMoment, byRows.State(rows).SecondMoment, occasion);
                break;
            case "maximum":
                Bits.AssertEqual(byWhole.State(whole).MaxSecondMoment, byRows.State(rows).MaxSecondMoment, occasion);
                break;
            case "group":
                byWhole.AddGroup(new ParameterGroup([joins]));
                byRows.AddGroup(new ParameterGroup([joinsToo]));
                break;
            case "dispose":
                byRows.Dispose();
                break;
            case "width":
                Step(whole, byWhole, rows, byRows, new Rows([2], [1, 2, 3, 4, 5, 6, 7], 7));
                break;
            case "other rows":
                Rows.Of(7, 0).GiveTo(rows);
                byRows.CatchUp(rows, [1]);
                break;
            case "lazy":
                byRows.SetOptions(byRows.Options with { SparseMode = SparseMode.LazyRows, Beta1 = 0.5 });
                byWhole.SetOptions(byWhole.Options with { Beta1 = 0.5 });
                Step(whole, byWhole, rows, byRows, Rows.Of(Width, 0, 1, 2, 3, 4, 5, 6));
                break;
            case "dense":
                whole.CopyGradient(gradient);
                rows.CopyGradient(gradient);
                byWhole.Step();
                byRows.Step();
                break;
            default:
                float[] changes = new float[whole.Length], others = new float[whole.Length];
                byWhole.Step(gradient, changes);
                byRows.Step(gradient, others);
                Bits.AssertEqual(changes, others, occasion);
                break;
        }

        if (occasion == "width")
            byRows.Flush();
        Bits.AssertEqual(whole.Weights, rows.Weights, occasion);
    }

    [Fact]
    public void OnlyTheRowsThatAreAskedForAreBroughtUpToDate()
    {
        using Parameter parameter = Make.Weights(Height * Width);
        using Adam optimizer = new([parameter], new AdamOptions { SparseMode = SparseMode.Exact });
        Rows.Of(Width, 2, 5).GiveTo(parameter);
        optimizer.Step();
        Rows.Of(Width, 0).GiveTo(parameter);
        optimizer.Step();
        float[] before = parameter.Weights.ToArray();
        optimizer.CatchUp(parameter, [5]);
        Bits.AssertEqual(before.AsSpan(0, 5 * Width), parameter.Weights[..(5 * Width)], "other rows");
        Assert.NotEqual(before[5 * Width], parameter.Weights[5 * Width]);
    }

    [Fact]
    public void ADecayAndANewRateReachTheRowsThatMissedThem()
    {
        using Twins twins = new("Keras AdamW", "none", 40, 6, new(BackendKind.Managed), 1);
        for (int step = 0; step < 30; step++)
        {
            twins.SetRates(0.01 * (step % 4), 1);
            twins.SetConstraint(step % 3 == 0 ? WeightConstraint.NonNegative : null);
            twins.Give(Rows.Of(6, step, step % 7));
            twins.AssertStepsAlike();
        }

        twins.AssertSameBits("rows that only decay");
    }

    [Fact]
    public void RowsOfADisposedParameterAreLeftAlone()
    {
        using Parameter kept = Make.Weights(6, 2), whole = Make.Weights(6, 2);
        Parameter gone = Make.Weights(6);
        Adam optimizer = new([gone, kept], new AdamOptions { SparseMode = SparseMode.Exact }), other = new([whole]);
        foreach (Rows rows in new[] { Rows.Of(2, 0, 1), Rows.Of(2, 2) })
        {
            rows.GiveTo(gone);
            rows.GiveTo(kept);
            whole.CopyGradient(rows.Whole(6));
            optimizer.Step();
            other.Step();
        }

        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(optimizer.Flush);
        Assert.Throws<ObjectDisposedException>(() => optimizer.State(gone).FirstMoment.Length);
        Assert.Throws<ObjectDisposedException>(() => optimizer.CatchUp(gone, [1]));
        optimizer.Dispose();
        other.Dispose();
        Bits.AssertEqual(whole.Weights, kept.Weights, "the other parameter");
    }

    [Fact]
    public void RowsAreNotMadeUpForOnAnAverage()
    {
        using Parameter parameter = Make.Weights(6), whole = Make.Weights(6);
        using Adam optimizer = new([parameter], new AdamOptions { SparseMode = SparseMode.Exact }), other = new([whole]);
        using WeightEma average = new([parameter]);
        foreach (Rows rows in new[] { Rows.Of(2, 0, 1), Rows.Of(2, 2) })
        {
            rows.GiveTo(parameter);
            whole.CopyGradient(rows.Whole(6));
            optimizer.Step();
            other.Step();
        }

        average.Update();
        using (average.Swap())
        {
            Assert.Throws<InvalidOperationException>(optimizer.Flush);
            Assert.Throws<InvalidOperationException>(() => optimizer.CatchUp(parameter, [0]));
            Assert.Throws<InvalidOperationException>(optimizer.Dispose);
        }

        optimizer.Flush();
        Bits.AssertEqual(whole.Weights, parameter.Weights, "after the swap");
    }

    private static void Step(Parameter whole, Adam byWhole, Parameter rows, Adam byRows, Rows given)
    {
        whole.CopyGradient(given.Whole(whole.Length));
        given.GiveTo(rows);
        byWhole.Step();
        byRows.Step();
    }
}
