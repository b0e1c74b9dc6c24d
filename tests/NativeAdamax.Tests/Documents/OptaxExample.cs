using NativeAdamax.Schedules.Optax;
using NativeAdamax.Styles.Optax;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/styles.md.</summary>
public sealed class OptaxExample
{
    [Fact]
    public void Optax()
    {
        Chain solver = Chain(
            ClipByGlobalNorm(1),
            AdamW(new WarmupCosineDecaySchedule(0, 0.01, 100, 1000), weightDecay: 1e-4, mask: Mask.Where(name => name != "bias")));
        bool onePass = solver.IsFused;                                     // true

        Tree parameters = Tree.Named(("kernel", [1f, -2f, 0.5f]), ("bias", [0.1f]));
        TransformState state = solver.Init(parameters);
        for (int step = 0; step < 100; step++)
        {
            Tree gradients = parameters.Map(leaf => [.. leaf.Select(x => 2 * x)]);
            (Tree updates, state) = solver.Update(gradients, state, parameters);
            parameters = ApplyUpdates(parameters, updates);
        }

        // Numbers that live in the state, and gradients gathered over four calls.
        GradientTransformation injected = new MultiSteps(InjectHyperparams(h => Adamax(h["learning_rate"]), ("learning_rate", 0.01)), 4);
        var gathered = (MultiStepsState)injected.Init(parameters);
        var inner = (InjectHyperparamsState)gathered.InnerState;
        gathered = gathered with
        {
            InnerState = inner with { Hyperparams = inner.Hyperparams.SetItem("learning_rate", 0.001) },
        };

        Assert.True(onePass);
        Assert.InRange(parameters["kernel"]![0], 0, 0.99f);
        Assert.Equal(0.001, ((InjectHyperparamsState)gathered.InnerState).Hyperparams["learning_rate"]);
    }
}
