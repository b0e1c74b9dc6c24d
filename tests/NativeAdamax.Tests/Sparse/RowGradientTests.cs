using CommunityToolkit.HighPerformance;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Steps;

namespace NativeAdamax.Tests.Sparse;

/// <summary>Gradients given by rows, before a step does anything with them.</summary>
public sealed unsafe class RowGradientTests
{
    [Theory]
    [InlineData(SparseMode.Dense)]
    [InlineData(SparseMode.LazyRows)]
    [InlineData(SparseMode.Exact)]
    public void RowsWithTheSameIndexAreAddedUpInTheOrderInWhichTheyStand(SparseMode mode)
    {
        // ((1e8 + 1) - 1e8) + 4, beside sums of which no order matters.
        Assert.Equal([0, 0, 4, 5, 6, 0], FirstMoments(mode, [1, 1, 2, 1, 1], [1e8f, 5, 1, 0, 6, 0, -1e8f, 0, 4, 0]));
        Assert.Equal([0, 0, 1, 5, 6, 0], FirstMoments(mode, [1, 1, 2, 1], [1e8f, 5, -1e8f, 0, 6, 0, 1, 0]));
    }

    [Theory]
    [InlineData(SparseMode.Dense)]
    [InlineData(SparseMode.LazyRows)]
    [InlineData(SparseMode.Exact)]
    public void RowsInAnyOrderAreTheSameGradient(SparseMode mode) => Assert.Equal(
        FirstMoments(mode, [0, 1, 2], [1, 2, 3, 4, 5, 6]), FirstMoments(mode, [2, 0, 1], [5, 6, 1, 2, 3, 4]));

    [Fact]
    public void RowsOfAWiderMatrixAreTakenWhereTheyStand()
    {
        float[] matrix = [9, 9, 1, 2, 9, 9, 9, 3, 4, 9];
        using Parameter parameter = Make.Weights(6);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.Keras));
        parameter.SetRowGradient([2, 0], new ReadOnlySpan2D<float>(matrix, 2, 5).Slice(0, 2, 2, 2));
        Array.Clear(matrix);
        optimizer.Step();
        Assert.Equal([3, 4, 0, 0, 1, 2], optimizer.State(parameter).FirstMoment.ToArray());
    }

    [Fact]
    public void RowsOfAnArrayOrAtAPointerAreTheSameGradient()
    {
        float[,] array = { { 5, 6 }, { 1, 2 } };
        float[] values = [5, 6, 0, 1, 2];
        Span2D<float> span = array;
        using Parameter parameter = Make.Weights(6);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.Keras, rate: 0));
        parameter.SetRowGradient([2, 0], array);
        optimizer.Step();
        Assert.Equal([1, 2, 0, 0, 5, 6], optimizer.State(parameter).FirstMoment.ToArray());
        parameter.SetRowGradient([1, 0], span);
        optimizer.Step();
        Assert.Equal([1, 2, 5, 6, 0, 0], optimizer.State(parameter).FirstMoment.ToArray());
        fixed (float* pointer = values)
            parameter.SetRowGradient([2, 1], new ReadOnlySpan2D<float>(pointer, 2, 2, 1));
        optimizer.Step();
        Assert.Equal([0, 0, 1, 2, 5, 6], optimizer.State(parameter).FirstMoment.ToArray());
    }

    [Fact]
    public void AnotherGradientTakesThePlaceOfRows()
    {
        using Parameter parameter = Make.Weights(6);
        (Action Set, bool Has)[] others =
        [
            (() => parameter.CopyGradient(new float[6]), true), (() => parameter.SetGradient(new float[6]), true),
            (parameter.UseOwnGradient, true), (parameter.ClearGradient, false),
        ];
        foreach ((Action set, bool has) in others)
        {
            Rows.Of(2, 1).GiveTo(parameter);
            Assert.True(parameter.HasGradient && parameter.HasRowGradient);
            Assert.Throws<InvalidOperationException>(() => parameter.Gradient.Length);
            set();
            Assert.Equal((has, false), (parameter.HasGradient, parameter.HasRowGradient));
        }
    }

    [Theory]
    [InlineData(SparseMode.Dense)]
    [InlineData(SparseMode.LazyRows)]
    [InlineData(SparseMode.Exact)]
    public void ZeroedRowsAreAGradientOfZero(SparseMode mode)
    {
        foreach (bool fused in new[] { false, true })
        {
            using Parameter rows = Make.Weights(6), whole = Make.Weights(6);
            AdamOptions options = new() { SparseMode = mode, ZeroGradients = fused };
            using Adam byRows = new([rows], options), byWhole = new([whole], options);
            Rows given = Rows.Of(2, 2, 1, 1);
            given.GiveTo(rows);
            whole.CopyGradient(given.Whole(6));
            byRows.Step();
            byWhole.Step();
            if (!fused)
            {
                byRows.ZeroGradients();
                byWhole.ZeroGradients();
            }

            Assert.True(rows.HasGradient);
            float[] before = rows.Weights.ToArray();
            byRows.Step();
            byWhole.Step();
            byRows.Flush();
            Bits.AssertEqual(mode == SparseMode.LazyRows ? before : whole.Weights, rows.Weights, $"{mode}, {fused}");
            Assert.Equal(2, byRows.State(rows).UpdateCount);
        }
    }

    [Fact]
    public void RowsOfAFrozenParameterAreLeftOut()
    {
        using Parameter frozen = Make.Weights(6), other = Make.WithGradient();
        using Adam optimizer = new([frozen, other], new AdamOptions { SparseMode = SparseMode.Exact });
        Rows.Of(2, 0).GiveTo(frozen);
        frozen.IsFrozen = true;
        float[] before = frozen.Weights.ToArray();
        Assert.Equal(1, optimizer.Step().TensorsUpdated);
        optimizer.Flush();
        Bits.AssertEqual(before, frozen.Weights, "a frozen parameter");
    }

    [Fact]
    public void GradientsGivenToTheStepItselfGoBeforeRows()
    {
        using Parameter parameter = Make.Weights(6), plain = Make.Weights(6);
        using Adam optimizer = new([parameter], new AdamOptions { SparseMode = SparseMode.Exact }), other = new([plain]);
        Rows.Of(2, 1).GiveTo(parameter);
        optimizer.Step([1, 2, 3, 4, 5, 6]);
        other.Step([1, 2, 3, 4, 5, 6]);
        Bits.AssertEqual(plain.Weights, parameter.Weights, "a step with gradients of its own");
    }

    [Fact]
    public void AccumulatedRowsGiveTheBitsOfAccumulatedWholeGradients()
    {
        using Parameter rows = Make.Weights(12), whole = Make.Weights(12);
        AdamaxOptions options = new() { AccumulationSteps = 3, Ema = new EmaOptions(), ClipNorm = 0.5, ZeroGradients = true };
        using Adamax byRows = new([rows], options), byWhole = new([whole], options);
        for (int call = 0; call < 9; call++)
        {
            Rows given = Rows.Of(3, call % 4, (call * call + 1) % 4, call % 4);
            given.GiveTo(rows);
            whole.CopyGradient(given.Whole(12));
            Assert.Equal(byWhole.Step(), byRows.Step());
        }

        Bits.AssertEqual(whole.Weights, rows.Weights, "weights");
        Bits.AssertEqual(byWhole.Ema!.Average(whole), byRows.Ema!.Average(rows), "averages");
    }

    /// <summary>m after one step of a table of 3 x 2 with beta1 = 0: the gradient.</summary>
    private static float[] FirstMoments(SparseMode mode, int[] rows, float[] values)
    {
        using Parameter parameter = Parameter.Create(new float[6]);
        using Adamax optimizer = new([parameter], Plain.Descent(Dialect.Keras) with { Epsilon = 1e-7, SparseMode = mode });
        parameter.SetRowGradient(rows, new ReadOnlySpan2D<float>(values, rows.Length, 2));
        optimizer.Step();
        return optimizer.State(parameter).FirstMoment.ToArray();
    }
}
