using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

public sealed class ConcurrencyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ASecondCallDuringAStepIsRefusedAndTheStepIsUnharmed()
    {
        using Parameter parameter = Make.WithGradient(), alone = Make.WithGradient();
        using ManualResetEventSlim inside = new(), go = new();
        AdamaxOptions slow = new()
        {
            LearningRate = LearningRate.From(() =>
            {
                inside.Set();
                go.Wait(Patience);
                return 0.01;
            }),
            Ema = new EmaOptions(),
        };
        using Adamax optimizer = new([parameter], slow);
        Task step = Task.Run(() => { optimizer.Step(); });
        Assert.True(inside.Wait(Patience));
        try
        {
            Assert.Throws<InvalidOperationException>(() => { optimizer.Step(); });
            Assert.Throws<InvalidOperationException>(() => { optimizer.Step(new float[10]); });
            Assert.Throws<InvalidOperationException>(optimizer.ZeroGradients);
            Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate);
            Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate = 1);
            Assert.Throws<InvalidOperationException>(optimizer.Dispose);
        }
        finally
        {
            go.Set();
        }

        await step.WaitAsync(Patience);
        using Adamax undisturbed = new([alone], new AdamaxOptions { LearningRate = 0.01 });
        undisturbed.Step();
        Assert.Equal(1, optimizer.StepCount);
        Bits.AssertEqual(alone.Weights, parameter.Weights, "weights");
        Bits.AssertEqual(undisturbed.State(alone).FirstMoment, optimizer.State(parameter).FirstMoment, "moments");
    }

    [Fact]
    public void AStepFromInsideAStepIsRefused()
    {
        using Parameter parameter = Make.WithGradient();
        Adam? optimizer = null;
        AdamOptions nested = new() { LearningRate = LearningRate.From(() => optimizer!.Step().LearningRate) };
        optimizer = new([parameter], nested);
        Make.Snapshot before = Make.Snap(optimizer);
        Assert.Throws<InvalidOperationException>(() => { optimizer.Step(); });
        before.AssertUnchanged(optimizer);
        optimizer.Dispose();
    }

    [Fact]
    public async Task ManyThreadsOnOneOptimizerMakeOnlyWholeSteps()
    {
        using Parameter parameter = Make.WithGradient(2_000), alone = Make.WithGradient(2_000);
        using Adamax optimizer = new([parameter]), undisturbed = new([alone]);
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                try
                {
                    optimizer.Step();
                    Interlocked.Increment(ref done);
                }
                catch (InvalidOperationException)
                {
                    // Refused: another thread was in it.
                }
            }
        }))).WaitAsync(Patience);
        Assert.Equal(done, optimizer.StepCount);
        for (int i = 0; i < done; i++)
            undisturbed.Step();
        Bits.AssertEqual(alone.Weights, parameter.Weights, $"weights after {done} steps");
    }

    [Fact]
    public async Task NoStepComesThroughAfterDisposalHasReturned()
    {
        for (int round = 0; round < 2_000; round++)
        {
            using Parameter parameter = Make.WithGradient(1);
            Adamax optimizer = new([parameter]);
            Task steps = Task.Run(() =>
            {
                while (true)
                {
                    try
                    {
                        optimizer.Step();
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                    catch (InvalidOperationException)
                    {
                        // Disposal is under way.
                    }
                }
            });
            while (!TryDispose(optimizer))
                Thread.Yield();
            long count = optimizer.StepCount;
            await steps.WaitAsync(Patience);
            Assert.Equal(count, optimizer.StepCount);
        }
    }

    [Fact]
    public async Task SeveralOptimizersAtOnceDoNotDisturbEachOther()
    {
        float[][] expected = Large(1);
        Task<float[][]>[] all = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => Large(3)))];
        foreach (float[][] one in await Task.WhenAll(all).WaitAsync(Patience))
        {
            for (int k = 0; k < expected.Length; k++)
                Bits.AssertEqual(expected[k], one[k], $"tensor {k}");
        }
    }

    private static bool TryDispose(Optimizer optimizer)
    {
        try
        {
            optimizer.Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A run large enough for the engine to fork; the number of parts changes from step to step.</summary>
    internal static float[][] Large(int threads)
    {
        int[] lengths = [600_000, 600_001, 17];
        Parameter[] parameters = [.. lengths.Select((n, k) => Make.WithGradient(n, (uint)k + 1))];
        try
        {
            using Adamax optimizer =
                new(parameters, new AdamaxOptions { MaxDegreeOfParallelism = threads, Ema = new EmaOptions() });
            for (int step = 0; step < 12; step++)
            {
                if (step % 3 == 1)
                    parameters[0].ClearGradient();
                else
                    parameters[0].UseOwnGradient();
                optimizer.Step();
            }

            return
            [
                .. parameters.Select(p => p.Weights.ToArray()),
                .. parameters.Select(p => optimizer.State(p).FirstMoment.ToArray()),
            ];
        }
        finally
        {
            foreach (Parameter parameter in parameters)
                parameter.Dispose();
        }
    }
}
