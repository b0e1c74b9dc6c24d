using NativeAdamax.Constraints;
using NativeAdamax.Engine;
using NativeAdamax.Scaling;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Steps;

/// <summary>Steps that take each parameter as its gradient comes.</summary>
public sealed class OpenStepTests
{
    private static readonly int[] Lengths = [600_001, 1, 0, 63, 150_000, 7];

    private static readonly int[] Order = [4, 1, 3, 5, 0, 2];

    public static AllBackends Backends => [];

    [Theory]
    [MemberData(nameof(OptimizerCases.Names), MemberType = typeof(OptimizerCases))]
    public void TheBitsAreThoseOfAWholeStepWhateverTheOrder(string name) => AssertSame(name, null, 2);

    [Theory]
    [MemberData(nameof(Backends))]
    public void OnEveryBackendAndOnTheCallersThreadToo(BackendSelection backend)
    {
        AssertSame("Keras Adamax", backend, 1);
        AssertSame("Torch AMSGrad", backend, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void GradientsThatComeFromSeveralThreadsAreAllTaken(int threads)
    {
        Parameter[] whole = Make(), open = Make();
        using Adam a = new(whole), b = new(open, new AdamOptions { MaxDegreeOfParallelism = threads });
        for (int step = 0; step < 20; step++)
        {
            Fill(whole, step, _ => true);
            Fill(open, step, _ => true);
            a.Step();
            using OpenStep under = b.StepAsTheyCome();
            Parallel.ForEach(open, p => under.Update(p));
            Assert.Equal(Lengths.Length, under.Complete().TensorsUpdated);
        }

        AssertEqual(whole, a, open, b, "20 steps");
        Dispose(whole, open);
    }

    [Fact]
    public void ManySmallGradientsFromSeveralThreadsAreUpdatedOneAtATime()
    {
        Parameter[] all = [.. Enumerable.Range(0, 64).Select(i => Engine.Make.WithGradient(257 + i, (uint)i + 1))];
        Parameter[] same = [.. Enumerable.Range(0, 64).Select(i => Engine.Make.WithGradient(257 + i, (uint)i + 1))];
        AdamOptions options = new() { MaxDegreeOfParallelism = 1, ClipNorm = 0.5 };
        using Adam whole = new(all, options), open = new(same, options);
        for (int step = 0; step < 100; step++)
        {
            whole.Step();
            using OpenStep under = open.StepAsTheyCome();
            Parallel.ForEach(same, p => under.Update(p));
            Assert.Equal(64, under.Complete().TensorsUpdated);
        }

        AssertEqual(all, whole, same, open, "100 steps");
        Dispose(all, same);
    }

    [Fact]
    public void WhatComesAfterTheEndOfItsStepIsRefused()
    {
        List<int> done = [];
        using TensorQueue queue = new(2, done.Add);
        Assert.Throws<InvalidOperationException>(() => queue.Add(1, 0, wakesPool: false));
        queue.Open(1);
        Assert.True(queue.Add(1, 0, wakesPool: false));
        Assert.False(queue.Add(1, 0, wakesPool: false));
        queue.Finish();
        Assert.Throws<InvalidOperationException>(() => queue.Add(1, 1, wakesPool: true));
        queue.Open(2);
        Assert.Throws<InvalidOperationException>(() => queue.Add(1, 1, wakesPool: true));
        Assert.True(queue.Add(2, 1, wakesPool: true));
        queue.Finish();
        Assert.Equal([0, 1], done);
        Assert.Equal([false, true], queue.IsAdded.ToArray());
    }

    [Fact]
    public void AnErrorBeforeTheFirstUpdateIsTheOneThatIsSeen()
    {
        using Parameter parameter = Engine.Make.WithGradient();
        using Adam optimizer = new([parameter]);
        Assert.Throws<FormatException>(FailsFirst);
        Assert.Equal((0L, 0L), (optimizer.StepCount, optimizer.State(parameter).UpdateCount));
        Assert.Equal(1, optimizer.Step().Step);

        void FailsFirst()
        {
            using OpenStep step = optimizer.StepAsTheyCome();
            throw new FormatException();
        }
    }

    [Fact]
    public void WhatIsLeftOutHadNoGradientAndDisposeCompletes()
    {
        Parameter[] all = Make();
        using Adam optimizer = new(all, new AdamOptions { Dialect = Dialect.PyTorch });
        Fill(all, 1, _ => true);
        float[] before = all[0].Weights.ToArray();
        using (OpenStep step = optimizer.StepAsTheyCome())
            step.Update(all[3]);
        Assert.Equal(1, optimizer.StepCount);
        Bits.AssertEqual(before, all[0].Weights, "a parameter that was left out");
        Assert.Equal((0L, 1L), (optimizer.State(all[0]).UpdateCount, optimizer.State(all[3]).UpdateCount));
        Dispose(all);
    }

    [Fact]
    public void EverythingElseWaitsUntilTheStepIsComplete()
    {
        using Parameter parameter = Engine.Make.WithGradient(), other = Engine.Make.WithGradient(10, 2);
        using Adam optimizer = new([parameter]);
        OpenStep step = optimizer.StepAsTheyCome();
        Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Throws<InvalidOperationException>(() => optimizer.StepAsTheyCome());
        Assert.Throws<InvalidOperationException>(() => optimizer.LearningRate = 1);
        Assert.Throws<InvalidOperationException>(optimizer.Dispose);
        Assert.Throws<ArgumentException>(() => step.Update(other));
        Assert.Throws<ArgumentNullException>(() => step.Update(null!));
        step.Update(parameter);
        InvalidOperationException twice = Assert.Throws<InvalidOperationException>(() => step.Update(parameter));
        Assert.Contains(parameter.Name, twice.Message, StringComparison.Ordinal);
        Assert.Equal(1, step.Complete().Step);
        Assert.Throws<InvalidOperationException>(() => step.Complete());
        Assert.Throws<InvalidOperationException>(() => step.Update(parameter));
        step.Dispose();
        Assert.Equal(2, optimizer.Step().Step);
        parameter.ClearGradient();
        OpenStep without = optimizer.StepAsTheyCome();
        Assert.Throws<InvalidOperationException>(() => without.Update(parameter));
        Assert.Throws<InvalidOperationException>(() => without.Complete());
        parameter.UseOwnGradient();
        Assert.Equal(3, optimizer.Step().Step);
    }

    public static TheoryData<string> NeedAll => [.. NeedsAll.Keys];

    private static readonly Dictionary<string, AdamOptions> NeedsAll = new()
    {
        ["GlobalClipNorm"] = new() { GlobalClipNorm = 1 },
        ["SkipNonFinite"] = new() { SkipNonFinite = true },
        ["LossScale"] = new() { LossScale = LossScale.Dynamic(Dialect.Keras) },
        ["AccumulationSteps"] = new() { AccumulationSteps = 2 },
        ["AccumulationSchedule"] = new() { AccumulationSchedule = _ => 1 },
    };

    [Theory]
    [MemberData(nameof(NeedAll))]
    public void WhatNeedsAllGradientsIsRefusedByName(string option)
    {
        using Parameter parameter = Engine.Make.WithGradient();
        using Adam optimizer = new([parameter], NeedsAll[option]);
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => optimizer.StepAsTheyCome());
        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
        optimizer.Step();
    }

    private static void AssertSame(string name, BackendSelection? backend, int threads)
    {
        Parameter[] whole = Make(), open = Make();
        OptimizerOptions options = OptimizerFactory.Options(
            OptimizerCases.Of(name) with { EmaMomentum = 0.5, EmaOverwrite = 2, WeightDecay = 0.1, LossScale = 4 },
            new() { Backend = backend, Threads = threads });
        options = options with
        {
            ClipNorm = 20,
            ClipPercentile = 50,
            MaxUpdateNorm = name.EndsWith("Adam", StringComparison.Ordinal) ? 1e-3 : null,
        };
        using Optimizer a = OptimizerFactory.Create(whole, options), b = OptimizerFactory.Create(open, options);
        whole[4].Constraint = open[4].Constraint = WeightConstraint.NonNegative;
        whole[0].Constraint = open[0].Constraint = NormConstraint.Max(1, 600_001, most: 0.5);
        whole[5].IsFrozen = open[5].IsFrozen = true;
        for (int step = 0; step < 5; step++)
        {
            bool Has(int k) => k != 3 || step != 2;
            Fill(whole, step, Has);
            Fill(open, step, Has);
            StepReport expected = a.Step();
            StepReport actual = default;
            using (OpenStep under = b.StepAsTheyCome())
            {
                foreach (int k in Order.Where(Has))
                    under.Update(open[k]);
                actual = under.Complete();
            }

            Assert.Equal(expected with { GradientNorm = null }, actual);
        }

        AssertEqual(whole, a, open, b, $"{name} on {backend} with {threads} threads");
        Dispose(whole, open);
    }

    private static void AssertEqual(Parameter[] whole, Optimizer a, Parameter[] open, Optimizer b, string what)
    {
        for (int k = 0; k < whole.Length; k++)
        {
            Bits.AssertEqual(whole[k].Weights, open[k].Weights, $"{what}: weights {k}");
            Bits.AssertEqual(a.State(whole[k]).SecondMoment, b.State(open[k]).SecondMoment, $"{what}: v {k}");
            Bits.AssertEqual(a.State(whole[k]).Average, b.State(open[k]).Average, $"{what}: averages {k}");
            Assert.Equal(a.State(whole[k]).UpdateCount, b.State(open[k]).UpdateCount);
        }
    }

    private static Parameter[] Make() => [.. Lengths.Select((n, k) => Parameter.Create(Training.Numbers((uint)k + 1, n)))];

    private static void Fill(Parameter[] parameters, int step, Func<int, bool> has)
    {
        for (int k = 0; k < parameters.Length; k++)
        {
            if (has(k))
                parameters[k].CopyGradient(Training.Numbers((uint)(1000 * step + k), Lengths[k]));
            else
                parameters[k].ClearGradient();
        }
    }

    private static void Dispose(params Parameter[][] all)
    {
        foreach (Parameter parameter in all.SelectMany(p => p))
            parameter.Dispose();
    }
}
