using System.Runtime.InteropServices;
using NativeAdamax.Constraints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Steps;

/// <summary>Steps that only give their changes, and changes that are held back.</summary>
public sealed class ChangeTests
{
    private static readonly int[] Lengths = [33, 200_000, 0, 5];

    public static AllBackends Backends => [];

    [Theory]
    [MemberData(nameof(OptimizerCases.Names), MemberType = typeof(OptimizerCases))]
    public void TheChangesAreWhatTheStepWouldHaveAdded(string name)
    {
        using Parameter moved = Make.Weights(333), kept = Make.Weights(333);
        OptimizerOptions options = OptimizerFactory.Options(OptimizerCases.Of(name), new()) with
        {
            WeightDecay = 0.01,
            GlobalClipNorm = 5,
        };
        using Optimizer moves = OptimizerFactory.Create([moved], options);
        using Optimizer keeps = OptimizerFactory.Create([kept], options);
        float[] changes = new float[333], before = kept.Weights.ToArray();
        for (int step = 0; step < 5; step++)
        {
            float[] gradient = Training.Numbers(900 + (uint)step, 333);
            moves.Step(gradient);
            StepReport report = keeps.Step(gradient, changes);
            Assert.True(report.IsUpdate);
            Bits.AssertEqual(before, kept.Weights, "weights of a step that only gives its changes");
            for (int i = 0; i < changes.Length; i++)
                kept.Weights[i] += changes[i];
            Bits.AssertEqual(moved.Weights, kept.Weights, $"{name}, step {step}");
            before = kept.Weights.ToArray();
        }

        Bits.AssertEqual(moves.State(moved).FirstMoment, keeps.State(kept).FirstMoment, "m");
        Assert.Equal(5, keeps.StepCount);
    }

    [Fact]
    public void MemoryThatCannotTakeTheChangesIsRefusedByTheirName()
    {
        float[] weights = [1f, 2f, 3f], gradients = [1f, 1f, 1f];
        using Parameter parameter = Parameter.Over(weights);
        using Adam optimizer = new([parameter]);
        Refused("changes", () => optimizer.Step(gradients, weights));
        Refused("changes", () => optimizer.Step(
            gradients, MemoryMarshal.Cast<byte, float>(GC.AllocateArray<byte>(16, pinned: true).AsSpan(2, 12))));
        Refused("gradients", () => optimizer.Step(weights, new float[3]));
        Assert.Equal([1f, 2f, 3f], weights);
        Assert.Equal(0, optimizer.StepCount);

        static void Refused(string name, Action step)
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(step);
            Assert.Equal(name, refused.ParamName);
            Assert.Contains($"The {name} ", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhereNothingChangesTheChangesAreZeros()
    {
        using Parameter parameter = Make.Weights(10), frozen = Make.Weights(6, 2);
        using Adamax optimizer = new([parameter, frozen], new AdamaxOptions
        {
            AccumulationSteps = 2,
            SkipNonFinite = true,
            Ema = new EmaOptions { OverwriteFrequency = 1 },
        });
        frozen.IsFrozen = true;
        float[] gradients = Training.Numbers(3, 16), changes = new float[16];
        Array.Fill(changes, 5f);
        Assert.False(optimizer.Step(gradients, changes).IsUpdate);
        Assert.All(changes, x => Assert.Equal(0f, x));
        Array.Fill(changes, 5f);
        Assert.True(optimizer.Step(gradients, changes).IsUpdate);
        Assert.All(changes[..10], x => Assert.NotEqual(0f, x));
        Assert.All(changes[10..], x => Assert.Equal(0f, x));
        Assert.Equal(0, optimizer.Ema!.Updates);
        gradients[4] = float.NaN;
        StepReport refused = optimizer.Step(gradients, changes);
        Assert.Equal(4, refused.NonFiniteIndex);
        Assert.All(changes, x => Assert.Equal(0f, x));
    }

    [Fact]
    public void ChangesOfAnotherLengthOrOverTheGradientsOrTheWeightsAreRefused()
    {
        float[] memory = new float[40];
        using Parameter parameter = Parameter.Over(memory.AsMemory(0, 10));
        using Adam optimizer = new([parameter]);
        Assert.Throws<ArgumentException>("changes", () => optimizer.Step(memory.AsSpan(10, 10), memory.AsSpan(20, 9)));
        Assert.Throws<ArgumentException>("changes", () => optimizer.Step(memory.AsSpan(10, 10), memory.AsSpan(15, 10)));
        Assert.Throws<ArgumentException>(() => optimizer.Step(memory.AsSpan(20, 10), memory.AsSpan(5, 10)));
        Assert.Equal(0, optimizer.CallCount);
    }

    /// <summary>bitsandbytes' max_unorm: the change of a tensor is no longer than a part of its weights.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void AChangeIsHeldBackToAPartOfItsWeightsNorm(BackendSelection backend)
    {
        Parameter[] held = Weights(), free = Weights();
        AdamWOptions options = new()
        {
            LearningRate = 0.125,
            Backend = backend,
            MaxDegreeOfParallelism = 2,
            Ema = new EmaOptions { Momentum = 0.5 },
        };
        const double most = 0.01;
        using AdamW holds = new(held, options with { MaxUpdateNorm = most });
        using AdamW plain = new(free, options);
        float[] changes = new float[Lengths.Sum()];
        for (int step = 0; step < 3; step++)
        {
            float[] gradients = Training.Numbers(700 + (uint)step, changes.Length);
            foreach ((Parameter from, Parameter to) in held.Zip(free))
            {
                from.Weights.CopyTo(to.Weights);
                holds.State(from).FirstMoment.CopyTo(plain.State(to).FirstMoment);
                holds.State(from).SecondMoment.CopyTo(plain.State(to).SecondMoment);
            }

            float[][] before = [.. held.Select(p => p.Weights.ToArray())];
            plain.Step(gradients, changes);
            StepReport report = holds.Step(gradients);
            double smallest = 1;
            for (int k = 0, at = 0; k < held.Length; at += Lengths[k++])
            {
                double coefficient = Math.Min(1, most * Norm(before[k]) / Norm(changes.AsSpan(at, Lengths[k])));
                smallest = Math.Min(smallest, double.IsNaN(coefficient) ? 1 : coefficient);
                for (int i = 0; i < Lengths[k]; i++)
                {
                    float expected = before[k][i] + (float)coefficient * changes[at + i];
                    Assert.Equal(expected, held[k].Weights[i], 2 * Bits.Ulp(expected));
                }
            }

            Assert.InRange(report.UpdateCoefficient, smallest * (1 - 1e-12), smallest * (1 + 1e-12));
            Assert.True(smallest < 0.5, "nothing was held back");
        }

        float expectedAverage = holds.Ema!.Average(held[3])[0];
        Assert.NotEqual(expectedAverage, held[3].Weights[0]);
        Assert.Equal(3, holds.Ema.Updates);
        foreach (Parameter parameter in held.Concat(free))
            parameter.Dispose();
    }

    [Fact]
    public void WhereTheChangeIsShorterTheBitsAreThoseOfThePlainStep()
    {
        using Parameter held = Make.Weights(100), plain = Make.Weights(100);
        AdamOptions options = new()
        {
            LearningRate = 0.5,
            WeightDecay = 0.1,
            Ema = new EmaOptions { Momentum = 0.5, OverwriteFrequency = 2 },
        };
        held.Constraint = plain.Constraint = WeightConstraint.NonNegative;
        using Adam a = new([held], options with { MaxUpdateNorm = 1000 }), b = new([plain], options);
        for (int step = 0; step < 4; step++)
        {
            float[] gradient = Training.Numbers(40 + (uint)step, 100);
            Assert.Equal(1, a.Step(gradient).UpdateCoefficient);
            b.Step(gradient);
            Bits.AssertEqual(plain.Weights, held.Weights, $"weights of step {step}");
            Bits.AssertEqual(b.Ema!.Average(plain), a.Ema!.Average(held), $"averages of step {step}");
        }
    }

    [Fact]
    public void WeightsOfNormZeroAreNotHeldBackAndGivenChangesAreScaledToo()
    {
        using Parameter zero = Parameter.Create(3), one = Parameter.Create([1f]);
        using Adam optimizer = new([zero, one], new AdamOptions { LearningRate = 1, MaxUpdateNorm = 0.25, Epsilon = 0 });
        float[] changes = new float[4];
        Assert.Equal(0.25, optimizer.Step([1, 1, 1, -1], changes).UpdateCoefficient, 1e-6);
        Assert.Equal([-1f, -1f, -1f], changes[..3].Select(x => MathF.Round(x, 5)));
        Assert.Equal(0.25f, changes[3], 1e-6f);
        Assert.Throws<ArgumentOutOfRangeException>("MaxUpdateNorm", () => new AdamOptions { MaxUpdateNorm = 0 });
    }

    private static Parameter[] Weights() => [.. Lengths.Select((n, k) => Parameter.Create(Training.Numbers((uint)k + 1, n)))];

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float x in values)
            sum += (double)x * x;
        return Math.Sqrt(sum);
    }
}
