using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

[Collection(Alone.Name)]
public sealed class SaturationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AStepInsideASaturatedThreadPoolFinishes()
    {
        float[][] expected = ConcurrencyTests.Large(1);
        ThreadPool.GetMinThreads(out int workers, out _);
        using ManualResetEventSlim go = new(), full = new();
        int blocked = 0;
        Task[] busy = [.. Enumerable.Range(0, workers + 32).Select(_ => Task.Run(() =>
        {
            if (Interlocked.Increment(ref blocked) == workers)
                full.Set();
            go.Wait(Patience);
        }))];
        try
        {
            Assert.True(full.Wait(Patience));
            float[][]? results = null;
            Thread caller = new(() => results = ConcurrencyTests.Large(8));
            caller.Start();
            Assert.True(caller.Join(Patience / 3), "a step waited for a thread that never came");
            for (int k = 0; k < expected.Length; k++)
                Bits.AssertEqual(expected[k], results![k], $"tensor {k}");
        }
        finally
        {
            go.Set();
            await Task.WhenAll(busy);
        }
    }
}
