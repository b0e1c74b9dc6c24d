using CommunityToolkit.HighPerformance;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>Runs whose gradients come by rows: what rows have yet to make up for is made up for before it is saved.</summary>
public sealed class SparseResumeTests
{
    private const int Calls = 9, Rows = 20, Width = 3;

    [Theory]
    [InlineData(SparseMode.Exact)]
    [InlineData(SparseMode.LazyRows)]
    [InlineData(SparseMode.Dense)]
    public void ARunOfRowsCutAtAnyCallGoesOnWithTheSameBits(SparseMode mode)
    {
        AdamOptions options = new() { Dialect = Dialect.PyTorch, SparseMode = mode, LearningRate = 0.1 };
        using Run whole = new(options, [Rows * Width]);
        Go(whole, 0, Calls);
        for (int cut = 0; cut <= Calls; cut++)
        {
            using Run first = new(options, [Rows * Width]);
            Go(first, 0, cut);
            byte[] saved = first.Save();
            using Run second = new(options, [Rows * Width], 9);
            Go(second, 0, cut % 3);
            second.Load(saved);
            Go(second, cut, Calls);
            whole.AssertSame(second, $"{mode} cut at {cut}");
            Go(first, cut, Calls);
            whole.AssertSame(first, $"{mode} saved at {cut} and gone on");
        }
    }

    [Fact]
    public void SparseAdamGoesOnWithTheSameBits()
    {
        SparseAdamOptions options = new() { LearningRate = 0.1 };
        static Run New(SparseAdamOptions options, uint seed) => new(p => new SparseAdam(p, options), [Rows * Width], seed);
        using Run whole = New(options, 1), second = New(options with { LearningRate = 0.7 }, 9);
        Go(whole, 0, 4);
        Assert.True(second.Load(whole.Save()).IsComplete);
        Go(whole, 4, Calls);
        Go(second, 4, Calls);
        whole.AssertSame(second, "SparseAdam");
    }

    private static void Go(Run run, int from, int to)
    {
        Span<int> rows = stackalloc int[4];
        for (int call = from; call < to; call++)
        {
            for (int k = 0; k < rows.Length; k++)
                rows[k] = (call * 7 + k * k * 3) % Rows;
            float[] values = Training.Numbers((uint)(call + 40), rows.Length * Width);
            run.Parameters[0].SetRowGradient(rows, new ReadOnlySpan2D<float>(values, rows.Length, Width));
            run.Optimizer.Step();
        }
    }
}
