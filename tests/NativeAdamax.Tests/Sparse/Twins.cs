using NativeAdamax.Constraints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Sparse;

/// <summary>
/// Two optimizers of a table and a small tensor beside it: one is given whole gradients, the other the rows of the table
/// that are not zero, where the others move too or make up for it later.
/// </summary>
internal sealed class Twins : IDisposable
{
    private readonly Parameter[] _whole;
    private readonly Parameter[] _rows;
    private readonly Optimizer _wholeOptimizer;
    private readonly Optimizer _rowOptimizer;
    private readonly int _width;

    public Twins(
        string name, string option, int height, int width, BackendSelection backend, int threads,
        SparseMode mode = SparseMode.Exact)
    {
        _width = width;
        _whole = [Make.Weights(height * width, 3), Make.WithGradient(33, 4)];
        _rows = [Make.Weights(height * width, 3), Make.WithGradient(33, 4)];
        OptimizerOptions options = With(
            OptimizerFactory.Options(OptimizerCases.Of(name), new() { Backend = backend, Threads = threads }), option);
        _wholeOptimizer = OptimizerFactory.Create(_whole, options with { MaxDegreeOfParallelism = 1 });
        _rowOptimizer = OptimizerFactory.Create(_rows, options with { SparseMode = mode });
    }

    public void SetConstraint(WeightConstraint? constraint) => _whole[0].Constraint = _rows[0].Constraint = constraint;

    public void SetRates(double rate, double scale)
    {
        _wholeOptimizer.LearningRate = _rowOptimizer.LearningRate = rate;
        _wholeOptimizer.GradientScale = _rowOptimizer.GradientScale = scale;
    }

    public void Give(Rows rows)
    {
        _whole[0].CopyGradient(rows.Whole(_whole[0].Length));
        rows.GiveTo(_rows[0]);
    }

    public void GiveWhole(Rows rows)
    {
        _whole[0].CopyGradient(rows.Whole(_whole[0].Length));
        _rows[0].CopyGradient(rows.Whole(_whole[0].Length));
    }

    /// <summary>Rows with an infinite element: refused, clipped, or by way of a norm NaN in every row.</summary>
    public void GivePoisoned(Rows rows)
    {
        float[] values = [.. rows.Values];
        if (values.Length > 0)
            values[^1] = float.PositiveInfinity;
        Give(rows with { Values = values });
    }

    public void GiveNone()
    {
        _whole[0].ClearGradient();
        _rows[0].ClearGradient();
    }

    public void Flush() => _rowOptimizer.Flush();

    /// <summary>Rows that were asked for are up to date already.</summary>
    public void AssertReadsAlike(int[] rows)
    {
        _rowOptimizer.CatchUp(_rows[0], rows);
        foreach (int row in rows)
        {
            // Without a first row of a gradient all weights count as rows of one element.
            if (_rows[0].HasRowGradient)
                Bits.AssertEqual(
                    _whole[0].Weights.Slice(row * _width, _width), _rows[0].Weights.Slice(row * _width, _width), $"row {row}");
        }
    }

    public void AssertStepsAlike()
    {
        StepReport whole = _wholeOptimizer.Step(), rows = _rowOptimizer.Step();
        Assert.Equal(
            whole with { NonFiniteParameter = null }, rows with { NonFiniteParameter = null });
        Assert.Equal(whole.NonFiniteParameter?.Name, rows.NonFiniteParameter?.Name);
    }

    public void AssertSameBits(string what)
    {
        ParameterState whole = _wholeOptimizer.State(_whole[0]), rows = _rowOptimizer.State(_rows[0]);
        Bits.AssertEqual(whole.FirstMoment, rows.FirstMoment, $"m of {what}");
        Bits.AssertEqual(whole.SecondMoment, rows.SecondMoment, $"v of {what}");
        Bits.AssertEqual(whole.MaxSecondMoment, rows.MaxSecondMoment, $"x of {what}");
        Bits.AssertEqual(_whole[0].Weights, _rows[0].Weights, $"weights of {what}");
        Bits.AssertEqual(_whole[1].Weights, _rows[1].Weights, $"the other weights of {what}");
        Assert.Equal(whole.UpdateCount, rows.UpdateCount);
    }

    public void Dispose()
    {
        _wholeOptimizer.Dispose();
        _rowOptimizer.Dispose();
        foreach (Parameter parameter in _whole.Concat(_rows))
            parameter.Dispose();
    }

    private static OptimizerOptions With(OptimizerOptions options, string option) => option switch
    {
        "value" => options with { ClipValue = 0.1 },
        "norm" => options with { ClipNorm = 0.2 },
        "global norm" => options with { GlobalClipNorm = 0.2 },
        "percentile" => options with { ClipPercentile = 30 },
        "maximize" => options with { Maximize = true },
        "skip" => options with { SkipNonFinite = true },
        "decay" => options with { WeightDecay = 0.1, WeightDecayForm = WeightDecayForm.Decoupled },
        "zero" => options with { ZeroGradients = true },
        _ => options,
    };
}
