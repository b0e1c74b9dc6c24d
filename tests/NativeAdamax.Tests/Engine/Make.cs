using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>Parameters and optimizers of no particular kind, for tests of what surrounds the arithmetic.</summary>
internal static class Make
{
    public static Parameter Weights(int length = 10, uint seed = 1) =>
        Parameter.Create(Training.Numbers(seed, length), $"w{seed}");

    public static Parameter WithGradient(int length = 10, uint seed = 1)
    {
        Parameter parameter = Weights(length, seed);
        parameter.CopyGradient(Training.Numbers(seed + 1000, length));
        return parameter;
    }

    /// <summary>Everything that a step can change, as it is now.</summary>
    public static Snapshot Snap(Optimizer optimizer) => new(
        optimizer.StepCount,
        [
            .. optimizer.Parameters.Select(p => p.Weights.ToArray()),
            .. optimizer.Parameters.Select(p => optimizer.State(p).FirstMoment.ToArray()),
            .. optimizer.Parameters.Select(p => optimizer.State(p).SecondMoment.ToArray()),
        ]);

    internal sealed record Snapshot(long Steps, float[][] Values)
    {
        public void AssertUnchanged(Optimizer optimizer)
        {
            Snapshot now = Snap(optimizer);
            Assert.Equal(Steps, now.Steps);
            for (int k = 0; k < Values.Length; k++)
                Bits.AssertEqual(Values[k], now.Values[k], $"stream {k} after a refused call");
        }
    }
}
