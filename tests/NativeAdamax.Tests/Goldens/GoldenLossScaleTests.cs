using NativeAdamax.Scaling;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>The library along the runs of Keras's LossScaleOptimizer, gradients that are not finite among them.</summary>
public sealed class GoldenLossScaleTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (BackendSelection backend in Backend.Available)
            {
                cases.Add("keras/adamax_loss_scale_optimizer", backend.ToString());
                cases.Add("keras/adamax_loss_scale_optimizer_accum2", backend.ToString());
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ScaleCountersWeightsAndSumsAreKerass(string name, string backend)
    {
        GoldenLossScale golden = GoldenLossScale.Load(name);
        DynamicLossScale scale = new(Dialect.Keras) { Initial = golden.Initial, GrowthInterval = golden.GrowthInterval };
        Parameter[] parameters = [.. golden.Names.Select((n, k) => Parameter.Create(golden.InitialOf(k), n))];
        OptimizerOptions options =
            OptimizerFactory.Options(golden.Settings, new() { Backend = BackendSelection.Parse(backend) });
        using Optimizer optimizer = OptimizerFactory.Create(parameters, options with { LossScale = scale });
        ReferenceOptimizer exact = new(
            [.. golden.Names.Select((_, k) => ReferenceTensor.Create(golden.Settings, golden.InitialOf(k)))]);
        int checkpoints = 0;
        foreach (LossScaleTrace trace in golden.Trace)
        {
            string at = $"{name} on {backend}, step {trace.Step}";
            Assert.Equal(trace.ScaleBefore, scale.Scale);
            Assert.Equal(trace.ScaledLoss, optimizer.ScaleLoss(0.75));
            for (int k = 0; k < parameters.Length; k++)
                parameters[k].CopyGradient(golden.Gradient(k, trace.Step, trace.ScaleBefore));
            StepReport report = optimizer.Step();
            AssertReport(golden, trace, optimizer, report);
            Assert.Equal((trace.ScaleAfter, trace.FiniteSteps), (scale.Scale, scale.FiniteSteps));
            if (report.NonFiniteParameter is null)
                exact.Step([.. golden.Names.Select((_, k) =>
                    golden.Gradient(k, trace.Step, 1).Select(g => (double)g).ToArray())]);
            if (golden.Checkpoints.SingleOrDefault(c => c.Step == trace.Step) is { } checkpoint)
            {
                checkpoints++;
                AssertNear(at, checkpoint, exact, optimizer);
            }
        }

        Assert.Equal(golden.Checkpoints.Length, checkpoints);
        foreach (Parameter parameter in parameters)
            parameter.Dispose();
    }

    private static void AssertReport(GoldenLossScale golden, LossScaleTrace trace, Optimizer optimizer, StepReport report)
    {
        int calls = golden.Settings.AccumulationSteps;
        (int Tensor, int Index)? bad = golden.NonFiniteAt(trace.Step);
        Assert.Equal(trace.ScaleBefore, report.LossScale);
        Assert.Equal(trace.InnerIterations, optimizer.CallCount);
        Assert.Equal(trace.InnerIterations / calls, optimizer.StepCount);
        Assert.Equal(optimizer.StepCount, report.Step);
        Assert.Equal(bad is null && trace.InnerIterations % calls == 0, report.IsUpdate);
        Assert.Equal(bad is { } at ? optimizer.Parameters[at.Tensor] : null, report.NonFiniteParameter);
        Assert.Equal(bad?.Index ?? -1, report.NonFiniteIndex);
    }

    /// <summary>The files have no yardstick: it is Keras's own distance from the reference, which must be rounding.</summary>
    private static void AssertNear(
        string what, LossScaleCheckpoint checkpoint, ReferenceOptimizer exact, Optimizer optimizer)
    {
        AssertNear(what, checkpoint.Parameters, exact, t => t.W, p => p.Weights);
        AssertNear(what + " m", checkpoint.M, exact, t => t.M, p => optimizer.State(p).FirstMoment);
        AssertNear(what + " u", checkpoint.U, exact, t => t.V, p => optimizer.State(p).SecondMoment);
        if (checkpoint.Sums is { } sums)
            AssertNear(what + " sum", sums, exact, t => t.Sum, p => optimizer.State(p).GradientSum);

        void AssertNear(
            string of, PackedTensor[] peer, ReferenceOptimizer reference, Func<ReferenceTensor, double[]> state, Values values)
        {
            double[][] all = [.. reference.Tensors.Select(state)];
            double deviation = all.Zip(peer, (e, p) => e.Zip(p.Values, (x, y) => Math.Abs(x - y)).Max()).Max();
            Assert.True(deviation < 2e-7, $"{of}: Keras is {deviation:g3} from the reference");
            for (int k = 0; k < all.Length; k++)
            {
                ReadOnlySpan<float> ours = values(optimizer.Parameters[k]);
                for (int i = 0; i < ours.Length; i++)
                {
                    double bound = 1.1 * deviation + 2 * Bits.Ulp(all[k][i]);
                    Assert.True(Math.Abs(ours[i] - all[k][i]) <= bound, $"{of}[{k}][{i}]: {ours[i]:R}, exact {all[k][i]:R}");
                }
            }
        }
    }

    private delegate ReadOnlySpan<float> Values(Parameter parameter);
}
