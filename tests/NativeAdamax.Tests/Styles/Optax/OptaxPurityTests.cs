using NativeAdamax.Styles.Optax;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Styles.Optax;

public sealed class OptaxPurityTests
{
    public static TheoryData<string> Names => ["fused", "single", "multi", "masked", "guarded", "injected"];

    private static GradientTransformation Of(string name)
    {
        Chain chain = Chain(ClipByGlobalNorm(1), Clip(0.2), AdamW(0.1, weightDecay: 0.1));
        return name switch
        {
            "fused" => chain,
            "single" => new Chain([.. chain.Links], fuses: false),
            "multi" => new MultiSteps(chain, 2),
            "masked" => Masked(chain, Mask.Leaves(true, false, true, true), MaskedOut.PassThrough),
            "guarded" => ApplyIfFinite(chain, 3),
            _ => InjectHyperparams(h => AdamaxW(h["lr"]), ("lr", 0.1)),
        };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ArgumentsStayAndAnswersAreNewMemory(string name)
    {
        GradientTransformation solver = Of(name);
        Tree parameters = Trees.Parameters;
        TransformState state = solver.Init(parameters);
        for (int step = 1; step <= 4; step++)
        {
            Tree gradients = Trees.Gradients(step);
            List<Tree> inputs = [gradients, parameters, .. In(state)];
            List<Tree> copies = [.. inputs.Select(tree => tree.Copy())];
            (Tree updates, TransformState next) = solver.Update(gradients, state, parameters);
            (Tree again, _) = solver.Update(gradients, state, parameters);
            Trees.AssertSameBits(updates, again, "the same call again");
            Tree moved = ApplyUpdates(parameters, updates);
            foreach ((Tree input, Tree copy) in inputs.Zip(copies))
                Trees.AssertSameBits(copy, input, $"an argument of {name}");
            for (int k = 0; k < updates.Count; k++)
            {
                if (updates[k]!.Length == 0)
                    continue;
                updates[k]![0] = 77;
                moved[k]![0] = 78;
            }

            foreach ((Tree input, Tree copy) in inputs.Zip(copies))
                Trees.AssertSameBits(copy, input, $"an argument of {name} after writing to its answer");
            state = next;
        }
    }

    [Fact]
    public void OneObjectServesSeveralThreads()
    {
        Chain solver = Chain(ClipByGlobalNorm(1), AdamW(0.01));
        Tree expected = Trees.Train(solver, 20).Parameters;
        Tree[] answers = new Tree[4];
        Parallel.For(0, answers.Length, i => answers[i] = Trees.Train(solver, 20).Parameters);
        Assert.All(answers, answer => Trees.AssertSameBits(expected, answer, "a run beside others"));
    }

    private static IEnumerable<Tree> In(TransformState state) => state switch
    {
        ChainState chain => chain.States.SelectMany(In),
        ScaleByAdamState moments => [moments.Mu, moments.Nu],
        MultiStepsState multi => In(multi.InnerState).Append(multi.AccGrads),
        MaskedState masked => In(masked.InnerState),
        ApplyIfFiniteState guard => In(guard.InnerState),
        InjectHyperparamsState injected => In(injected.InnerState),
        _ => [],
    };
}
