using CommunityToolkit.HighPerformance;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Sparse;

/// <summary>Alone, because allocations of other tests would be counted with these.</summary>
[Collection(Alone.Name)]
public sealed class SparseAllocationTests
{
    [Theory]
    [InlineData("Keras Adam", SparseMode.Dense)]
    [InlineData("MXNet Adam", SparseMode.LazyRows)]
    [InlineData("Optax AMSGrad", SparseMode.Exact)]
    public void AWarmStepByRowsAllocatesNothing(string name, SparseMode mode)
    {
        const int width = 4, most = 60;
        int[] rows = new int[most];
        float[] values = Training.Numbers(5, most * width);
        using Parameter parameter = Make.Weights(200 * width), other = Make.WithGradient(33);
        OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new()) with
        {
            SparseMode = mode,
            GlobalClipNorm = 0.5,
            SkipNonFinite = true,
        };
        using Optimizer optimizer = OptimizerFactory.Create([parameter, other], options);
        int turn = 0;

        void Step()
        {
            turn++;
            int count = turn % most;
            for (int i = 0; i < count; i++)
                rows[i] = turn * (i + 7) * 13 % 200;
            values[turn % 8] = turn % 9 == 0 ? float.NaN : 1;
            parameter.SetRowGradient(rows.AsSpan(0, count), new ReadOnlySpan2D<float>(values, count, width));
            optimizer.CatchUp(parameter, rows.AsSpan(0, count));
            optimizer.Step();
            if (turn % 100 == 0)
                optimizer.Flush();
        }

        for (int i = 0; i < 200; i++)
            Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
