using NativeAdamax.Scaling;
using NativeAdamax.Schedules;
using NativeAdamax.Schedules.PyTorch;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>Alone, because allocations of other tests would be counted with these.</summary>
[Collection(Alone.Name)]
public sealed unsafe class AllocationTests
{
    private const int Warm = 100, Counted = 1_000;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (BackendSelection backend in Backend.Available)
            {
                foreach (string name in new[] { "Keras Adamax", "Torch AMSGrad", "Optax Nadam", "MXNet AdamW" })
                    cases.Add(name, backend.ToString());
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepAllocatesNothing(string name, string backend) =>
        AssertNothing(name, backend, (optimizer, _) => optimizer.Step());

    [Fact]
    public void AStepWithAGradientFromAPointerAllocatesNothing()
    {
        float[] gradient = GC.AllocateArray<float>(100, pinned: true);
        fixed (float* g = gradient)
        {
            float* pointer = g;
            AssertNothing("Keras Adam", null, (optimizer, parameters) =>
            {
                parameters[0].SetGradient(pointer, 100);
                optimizer.Step();
            });
        }
    }

    [Fact]
    public void AStepWithAGradientFromMemoryAllocatesNothing()
    {
        Memory<float>[] gradients = [new float[100], new float[100]];
        int turn = 0;
        AssertNothing("Keras Adam", null, (optimizer, parameters) =>
        {
            parameters[0].SetGradient(gradients[turn++ % 2]);
            optimizer.Step();
        });
    }

    [Fact]
    public void AStepWithGradientsEndToEndAllocatesNothing()
    {
        float[] gradients = new float[133];
        AssertNothing("Torch Adamax", null, (optimizer, _) => optimizer.Step(gradients));
    }

    [Fact]
    public void AStepInWhichATensorLacksItsGradientAllocatesNothing()
    {
        int turn = 0;
        AssertNothing("Torch Nadam", null, (optimizer, parameters) =>
        {
            if (turn++ % 2 == 0)
                parameters[1].ClearGradient();
            else
                parameters[1].UseOwnGradient();
            optimizer.Step();
        });
    }

    [Fact]
    public void AStepUnderALearningRateFunctionAllocatesNothing()
    {
        double rate = 0.01;
        AssertNothing(
            "Keras Adamax", null,
            (optimizer, _) =>
            {
                rate = optimizer.LearningRate * 0.999;
                optimizer.Step();
            },
            options => options with { LearningRate = LearningRate.From(() => rate) });
    }

    [Fact]
    public void AStepUnderAScheduleAllocatesNothing()
    {
        Schedule[] schedules =
        [
            new OneCycleLR(0.1, Warm + Counted),
            new SequentialLR([new StepLR(0.1, 7), new CosineAnnealingWarmRestarts(0.1, 5, 2)], [50]),
            new ReduceLROnPlateau(0.1), new ExponentialLR(0.1, 0.999).Every(3),
        ];
        foreach (Schedule schedule in schedules)
        {
            AssertNothing(
                "Torch Nadam", null, (optimizer, _) => optimizer.Step(),
                options => options with { LearningRate = schedule });
        }
    }

    [Theory]
    [InlineData("norm")]
    [InlineData("global norm")]
    [InlineData("percentile")]
    [InlineData("accumulation")]
    [InlineData("accumulation schedule")]
    [InlineData("fixed scale")]
    [InlineData("dynamic scale")]
    [InlineData("overwriting")]
    [InlineData("all")]
    public void AStepWithAnOptionAllocatesNothing(string option) =>
        AssertNothing("Torch AMSGrad", null, (optimizer, _) => optimizer.Step(), options => option switch
        {
            "norm" => options with { ClipNorm = 0.1 },
            "global norm" => options with { GlobalClipNorm = 0.1 },
            "percentile" => options with { ClipPercentile = 10 },
            "accumulation" => options with { AccumulationSteps = 3 },
            "accumulation schedule" => options with { AccumulationSchedule = updates => 1 + (int)(updates % 3) },
            "fixed scale" => options with { LossScale = LossScale.Fixed(3) },
            "dynamic scale" => options with { LossScale = LossScale.Dynamic(Dialect.PyTorch) },
            "overwriting" => options with { Ema = new EmaOptions { OverwriteFrequency = 2 } },
            _ => options with
            {
                ClipNorm = 0.1,
                GlobalClipNorm = 0.1,
                ClipPercentile = 10,
                AccumulationSteps = 3,
                SkipNonFinite = true,
                LossScale = LossScale.Fixed(3),
                Ema = new EmaOptions { OverwriteFrequency = 2, ZeroDebias = true },
                DecayMask = p => p.Length > 50,
            },
        });

    [Fact]
    public void ARefusedStepAllocatesNothing() =>
        AssertNothing(
            "Keras Adamax", null,
            (optimizer, parameters) =>
            {
                parameters[1].Gradient[7] = float.NaN;
                optimizer.Step();
            },
            options => options with { LossScale = LossScale.Dynamic(Dialect.TfKeras), ZeroGradients = true });

    [Fact]
    public void AnUpdateThatTakesTheSumOfAMissingGradientAllocatesNothing()
    {
        int turn = 0;
        AssertNothing(
            "Torch Adam", null,
            (optimizer, parameters) =>
            {
                if (turn++ % 2 == 1)
                    parameters[1].ClearGradient();
                else
                    parameters[1].UseOwnGradient();
                optimizer.Step();
            },
            options => options with { AccumulationSteps = 2 });
    }

    [Fact]
    public void StepsOnSeveralThreadsAllocateNothing()
    {
        using Parameter parameter = Make.WithGradient(600_000);
        using Optimizer optimizer = OptimizerFactory.Create(
            [parameter], OptimizerCases.Of("Keras Adamax") with { EmaMomentum = 0.9 }, new() { Threads = 4 });
        for (int i = 0; i < 30; i++)
            optimizer.Step();

        // The thread pool and the test host allocate by themselves now and then: one round of many must be free.
        long least = long.MaxValue;
        for (int round = 0; round < 50 && least > 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 5; i++)
                optimizer.Step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }

    internal static void AssertNothing(Action step)
    {
        for (int i = 0; i < Warm; i++)
            step();
        long least = long.MaxValue;
        for (int round = 0; round < 3 && least > 0; round++) // what the runtime itself does once, as it compiles, is no step's
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Counted; i++)
                step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(least == 0, $"{Counted} steps allocated {least} bytes");
    }

    private static void AssertNothing(
        string name, string? backend, Action<Optimizer, Parameter[]> step,
        Func<OptimizerOptions, OptimizerOptions>? change = null)
    {
        OptimizerFactory.Shared shared = new() { Backend = backend is null ? null : BackendSelection.Parse(backend) };
        OptimizerOptions options =
            OptimizerFactory.Options(OptimizerCases.Of(name) with { EmaMomentum = 0.99 }, shared);
        Parameter[] parameters = [Make.WithGradient(100), Make.WithGradient(33, 2)];
        using (Optimizer optimizer = OptimizerFactory.Create(parameters, change?.Invoke(options) ?? options))
        {
            Optimizer steps = optimizer;
            AssertNothing(() => step(steps, parameters));
        }

        foreach (Parameter parameter in parameters)
            parameter.Dispose();
    }
}
