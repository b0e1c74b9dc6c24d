using NativeAdamax.Constraints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Sparse;

/// <summary>Rows in steps that take gradients as they come.</summary>
public sealed class SparseOpenStepTests
{
    [Theory]
    [InlineData(SparseMode.Dense, 0)]
    [InlineData(SparseMode.LazyRows, 2)]
    [InlineData(SparseMode.Exact, 0)]
    [InlineData(SparseMode.Exact, 1)]
    public void RowsThatComeOneAfterTheOtherEndOnTheBitsOfAStepOverAll(SparseMode mode, int threads)
    {
        foreach (string name in new[] { "Keras AMSGrad", "MXNet Adam", "Optax Adamax" })
        {
            foreach (string option in new[] { "clip", "zero", "average" })
            {
                OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new() { Threads = threads }) with
                {
                    SparseMode = mode,
                    ClipNorm = option == "clip" ? 0.3 : null,
                    ZeroGradients = option == "zero",
                    Ema = option == "average" && mode == SparseMode.Dense ? new EmaOptions() : null,
                };
                Parameter[] one = Tables(), all = Tables();
                using Optimizer open = OptimizerFactory.Create(one, options), closed = OptimizerFactory.Create(all, options);
                for (int step = 0; step < 9; step++)
                {
                    Give(one, step);
                    Give(all, step);
                    using (OpenStep under = open.StepAsTheyCome())
                    {
                        foreach (Parameter parameter in one.Reverse().Where(p => p.HasGradient))
                            under.Update(parameter);
                        Assert.True(under.Complete().IsUpdate);
                    }

                    closed.Step();
                    Assert.Equal(all.Select(p => p.HasGradient), one.Select(p => p.HasGradient));
                }

                open.Flush();
                closed.Flush();
                for (int k = 0; k < one.Length; k++)
                {
                    Bits.AssertEqual(all[k].Weights, one[k].Weights, $"{name}, {option}, weights {k}");
                    Bits.AssertEqual(
                        closed.State(all[k]).SecondMoment, open.State(one[k]).SecondMoment, $"{name}, {option}, v {k}");
                }
            }
        }
    }

    [Theory]
    [InlineData(SparseMode.LazyRows, true)]
    [InlineData(SparseMode.LazyRows, false)]
    [InlineData(SparseMode.Exact, true)]
    [InlineData(SparseMode.Exact, false)]
    public void AWholeGradientAfterRowsIsTakenWholeWhateverCameLastBefore(SparseMode mode, bool isOpen)
    {
        float[][] weights = new float[2][];
        for (int order = 0; order < 2; order++)
        {
            using Parameter table = Make.Weights(), other = Make.WithGradient(5, 2);
            using Adam optimizer = new([table, other], new AdamOptions { SparseMode = mode });
            Rows.Of(2, 1).GiveTo(table);
            using (OpenStep step = optimizer.StepAsTheyCome())
            {
                step.Update(order == 0 ? other : table);
                step.Update(order == 0 ? table : other);
            }

            table.UseOwnGradient();
            table.Gradient.Fill(1);
            if (isOpen)
            {
                using OpenStep step = optimizer.StepAsTheyCome();
                step.Update(table);
                step.Update(other);
            }
            else
            {
                optimizer.Step();
            }

            optimizer.Flush();
            weights[order] = table.Weights.ToArray();
        }

        Bits.AssertEqual(weights[0], weights[1], "the weights of a table that was updated first");
    }

    [Fact]
    public void WhatIsRefusedIsRefusedWhenTheParameterComes()
    {
        using Parameter table = Make.Weights(), whole = Make.WithGradient(5, 2);
        Rows.Of(2, 1).GiveTo(table);
        using Adam torch = new([table, whole], new AdamOptions { Dialect = Dialect.PyTorch });
        using SparseAdam sparse = new([table, whole]);
        using Adam exact = new([table, whole], new AdamOptions { SparseMode = SparseMode.Exact });
        foreach ((Optimizer optimizer, Parameter refused) in
            new (Optimizer, Parameter)[] { (torch, table), (sparse, whole), (exact, table) })
        {
            table.Constraint = optimizer == exact ? WeightConstraint.From(_ => { }) : null;
            float[] before = refused.Weights.ToArray();
            using (OpenStep step = optimizer.StepAsTheyCome())
            {
                Assert.Throws<InvalidOperationException>(() => step.Update(refused));
                step.Update(refused == table ? whole : table);
                Assert.Equal(1, step.Complete().TensorsUpdated);
            }

            Bits.AssertEqual(before, refused.Weights, "a refused parameter");
        }
    }

    private static Parameter[] Tables() => [Make.Weights(60, 2), Make.WithGradient(5, 3), Make.Weights(40, 4)];

    /// <summary>The last table is given a whole gradient, rows or nothing in turn.</summary>
    private static void Give(Parameter[] parameters, int step)
    {
        Rows.Of(3, step, (step * 7 + 1) % 20, step).GiveTo(parameters[0]);
        if (step % 3 == 0)
            parameters[2].UseOwnGradient();
        else if (step % 3 == 1)
            Rows.Of(4, step).GiveTo(parameters[2]);
        else
            parameters[2].ClearGradient();
    }
}
