using NativeAdamax.Scaling;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Precision;

/// <summary>Gradients of 16 bits that are not finite, are zeroed, or are added up.</summary>
public sealed class ReducedGradientTests
{
    private const int Length = 3000;

    public static TheoryData<GradientKind, string> Cases
    {
        get
        {
            TheoryData<GradientKind, string> cases = [];
            foreach (BackendSelection backend in Backend.Available)
            {
                cases.Add(GradientKind.BFloat16, backend.ToString());
                cases.Add(GradientKind.Half, backend.ToString());
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheFirstThatIsNotFiniteIsFoundAndNothingChanges(GradientKind kind, string backend)
    {
        AdamOptions options = new()
        {
            LossScale = LossScale.Dynamic(Dialect.PyTorch),
            ZeroGradients = true,
            Precision = StatePrecision.EightBit with { FewestQuantized = 0 },
            Backend = BackendSelection.Parse(backend),
        };
        using ReducedRun run = new(options, WeightKind.Rest16, kind, [Length, 10]);
        run.Call(2);
        byte[] before = ReducedRun.ModelBytes(run.Parameters[0]);
        float[] gradient = Training.Numbers(5, Length);
        (gradient[2999], gradient[2345]) = (float.NaN, float.PositiveInfinity);
        ReducedRun.Set(run.Parameters[0], gradient, kind);
        StepReport report = run.Optimizer.Step();
        Assert.Equal((run.Parameters[0], 2345L), (report.NonFiniteParameter, report.NonFiniteIndex));
        Assert.Equal(2, run.Optimizer.StepCount);
        Assert.Equal(32768, run.Optimizer.Options.LossScale!.Scale);
        Assert.Equal(before, ReducedRun.ModelBytes(run.Parameters[0]));
        float[] left = kind == GradientKind.Half
            ? [.. run.Parameters[0].HalfGradient.ToArray().Select(g => (float)g)]
            : [.. run.Parameters[0].BFloat16Gradient.ToArray().Select(g => (float)g)];
        Assert.Equal(new float[Length], left);
        run.Call();
        Assert.Equal(3, run.Optimizer.StepCount);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NormsAreThoseOfTheFloatsThatTheyStandFor(GradientKind kind, string backend)
    {
        AdamOptions options = new() { GlobalClipNorm = 0.5, Backend = BackendSelection.Parse(backend) };
        using ReducedRun reduced = new(options, WeightKind.Float32, kind, [Length, 10]);
        using ReducedRun floats = new(options, WeightKind.Float32, GradientKind.Float32, [Length, 10]);
        reduced.NextGradients();
        floats.NextGradients();
        StepReport ours = reduced.Optimizer.Step(), expected = floats.Optimizer.Step();
        Assert.Equal(expected.GradientNorm, ours.GradientNorm);
        Assert.True(ours.ClipCoefficient < 0.1);
        reduced.AssertSame(floats, $"{kind} on {backend}");
    }

    [Fact]
    public void AGradientMayChangeItsTypeFromStepToStep()
    {
        using ReducedRun mixed = new(new AdamOptions(), WeightKind.Rest8, GradientKind.Float32, [Length, 10]);
        using ReducedRun floats = new(new AdamOptions(), WeightKind.Rest8, GradientKind.Float32, [Length, 10]);
        for (int step = 0; step < 6; step++)
        {
            mixed.NextGradients();
            floats.NextGradients();
            float[] gradient = mixed.Parameters[0].Gradient.ToArray();
            ReducedRun.Set(mixed.Parameters[0], gradient, (GradientKind)(step % 3));
            mixed.Optimizer.Step();
            floats.Optimizer.Step();
        }

        float[] all = new float[Length + 10];
        mixed.Optimizer.Step(all);
        floats.Optimizer.Step(all);
        mixed.AssertSame(floats, "types");
    }
}
