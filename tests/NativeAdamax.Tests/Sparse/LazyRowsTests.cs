using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Sparse;

/// <summary>Steps of the given rows alone.</summary>
public sealed class LazyRowsTests
{
    private const int Height = 9, Width = 5;

    [Theory]
    [ClassData(typeof(Support.AllBackends))]
    public void RowsMoveAsWithMXNetsLazyUpdate(BackendSelection backend)
    {
        AdamOptions options = new()
        {
            Dialect = Dialect.MXNet,
            SparseMode = SparseMode.LazyRows,
            LearningRate = 0.01,
            WeightDecay = 0.1,
            ClipValue = 0.3,
            Backend = backend,
        };
        using Parameter parameter = Make.Weights(Height * Width);
        using Adam optimizer = new([parameter], options) { GradientScale = 0.5 };
        LazyRowsReference exact = new(parameter.Weights, Width, 0.01, 1e-8) { Scale = 0.5, Clip = 0.3, Decay = 0.1 };
        for (int step = 0; step < 20; step++)
        {
            Rows rows = Rows.Of(Width, step % 7, (step * step + 2) % 7, 3);
            rows.GiveTo(parameter);
            optimizer.Step();
            exact.Step(rows.Indices, rows.Values);
        }

        for (int i = 0; i < exact.W.Length; i++)
        {
            Assert.Equal(exact.W[i], parameter.Weights[i], 4e-7);
            Assert.Equal(exact.M[i], optimizer.State(parameter).FirstMoment[i], 4e-7);
            Assert.Equal(exact.V[i], optimizer.State(parameter).SecondMoment[i], 4e-8);
        }
    }

    [Fact]
    public void RowsThatAreNotGivenKeepEveryBit()
    {
        foreach (string name in OptimizerCases.All)
        {
            using Parameter parameter = Make.Weights(Height * Width);
            using Optimizer optimizer = Create(name, parameter);
            Rows.Of(Width, 4, 6).GiveTo(parameter);
            optimizer.Step();
            float[][] before = Streams(optimizer, parameter);
            Rows.Of(Width, 4).GiveTo(parameter);
            optimizer.Step();
            float[][] after = Streams(optimizer, parameter);
            for (int k = 0; k < before.Length; k++)
            {
                Assert.NotEqual(before[k].AsSpan(4 * Width, Width).ToArray(), after[k].AsSpan(4 * Width, Width).ToArray());
                Bits.AssertEqual(before[k].AsSpan(0, 4 * Width), after[k].AsSpan(0, 4 * Width), name);
                Bits.AssertEqual(before[k].AsSpan(5 * Width), after[k].AsSpan(5 * Width), name);
            }

            Assert.Equal(2, optimizer.State(parameter).UpdateCount);
        }
    }

    [Fact]
    public void StepsWithEveryRowAreStepsWithTheWholeGradient()
    {
        foreach (string name in OptimizerCases.All)
        {
            using Parameter lazy = Make.Weights(Height * Width), whole = Make.Weights(Height * Width);
            using Optimizer byRows = Create(name, lazy), byWhole = Create(name, whole);
            for (int step = 0; step < 5; step++)
            {
                Rows rows = Rows.Of(Width, [.. Enumerable.Range(0, Height).Select(i => (i * 4 + step) % Height)]);
                rows.GiveTo(lazy);
                whole.CopyGradient(rows.Whole(whole.Length));
                Assert.Equal(byWhole.Step(), byRows.Step());
            }

            foreach ((float[] expected, float[] actual) in Streams(byWhole, whole).Zip(Streams(byRows, lazy)))
                Bits.AssertEqual(expected, actual, name);
        }
    }

    private static Optimizer Create(string name, Parameter parameter) => OptimizerFactory.Create(
        [parameter],
        OptimizerFactory.Options(OptimizerCases.Of(name), new()) with
        {
            SparseMode = SparseMode.LazyRows,
            GlobalClipNorm = 0.1,
        });

    private static float[][] Streams(Optimizer optimizer, Parameter parameter) =>
    [
        parameter.Weights.ToArray(), optimizer.State(parameter).FirstMoment.ToArray(),
        optimizer.State(parameter).SecondMoment.ToArray(),
    ];
}
