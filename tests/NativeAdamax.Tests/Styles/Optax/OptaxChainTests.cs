using NativeAdamax.Schedules.Optax;
using NativeAdamax.Styles.Optax;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Styles.Optax;

public sealed class OptaxChainTests
{
    private static readonly Dictionary<string, GradientTransformation[]> Fused = new()
    {
        ["adam"] = [ScaleByAdam(), ScaleByLearningRate(0.01)],
        ["adamax and factors"] = [ScaleByAdamax(), Scale(0.3), ScaleByLearningRate(0.01), Scale(2)],
        ["amsgrad without a rate"] = [ScaleByAmsgrad()],
        ["a rate that is not flipped"] = [ScaleByAdam(), ScaleByLearningRate(0.01, flipSign: false)],
        ["decay"] = [ScaleByAdam(nesterov: true), AddDecayedWeights(0.4), ScaleByLearningRate(new LinearSchedule(0.1, 0, 9))],
        ["decay of its own schedule"] = [ScaleByAdamax(), AddDecayedWeights(new LinearSchedule(1, 0, 9)), Scale(-0.1)],
        ["coupled decay"] = [AddDecayedWeights(0.1, Mask.Where(n => n != "leaf0")), ScaleByAdam(), Scale(-0.1)],
        ["clips"] = [ClipByGlobalNorm(2), Clip(0.1), ScaleByAdam(), ScaleByLearningRate(0.01)],
        ["nested"] = [ClipByGlobalNorm(2), Chain(Clip(0.1), Chain(ScaleByAdam()), Scale(-1)), Chain()],
    };

    private static readonly Dictionary<string, GradientTransformation[]> NotFused = new()
    {
        ["nothing"] = [],
        ["no moments"] = [Clip(1), Scale(-0.1)],
        ["a factor first"] = [Scale(0.5), ScaleByAdam()],
        ["clips the other way round"] = [Clip(0.1), ClipByGlobalNorm(2), ScaleByAdam()],
        ["a clip after the moments"] = [ScaleByAdam(), Clip(0.1), Scale(-0.1)],
        ["decay after the rate"] = [ScaleByAdam(), ScaleByLearningRate(0.1), AddDecayedWeights(0.1)],
        ["decay before and after"] = [AddDecayedWeights(0.1), ScaleByAdam(), AddDecayedWeights(0.1)],
        ["a clip behind the decay"] = [AddDecayedWeights(0.1), Clip(0.1), ScaleByAdam()],
        ["moments twice"] = [ScaleByAdam(), ScaleByAdam()],
        ["a link of the user's"] = [Stateless((u, _) => u), ScaleByAdam()],
        ["a mask"] = [Masked(ScaleByAdam(), Mask.Leaves(true, true, true, false))],
    };

    public static TheoryData<string> FusedNames => [.. Fused.Keys];

    public static TheoryData<string> NotFusedNames => [.. NotFused.Keys];

    [Theory]
    [MemberData(nameof(FusedNames))]
    public void FusedAndLinkByLinkDifferByFoldedRoundingsOnly(string name)
    {
        Chain fused = new(Fused[name], fuses: true), single = new(Fused[name], fuses: false);
        Assert.True(fused.IsFused);
        Assert.False(single.IsFused);
        TransformState a = fused.Init(Trees.Parameters), b = single.Init(Trees.Parameters);
        for (int step = 1; step <= 12; step++)
        {
            Tree gradients = Trees.Gradients(step);
            (Tree u, a) = fused.Update(gradients, a, Trees.Parameters);
            (Tree v, b) = single.Update(gradients, b, Trees.Parameters);
            for (int k = 0; k < u.Count; k++)
            {
                for (int i = 0; i < u[k]!.Length; i++)
                {
                    // Twelve roundings at most, of both together, of the direction and of what decays.
                    double most = Math.Max(Math.Abs(u[k]![i]), 0.1 * Math.Abs(Trees.Parameters[k]![i]));
                    Assert.Equal(v[k]![i], u[k]![i], 12 * most / (1 << 24));
                }
            }
        }

        foreach ((ScaleByAdamState one, ScaleByAdamState other) in Moments(a).Zip(Moments(b)))
        {
            Assert.Equal(12, one.Count);
            Assert.Equal(12, other.Count);
            Trees.AssertSameBits(other.Mu, one.Mu, "mu");
            Trees.AssertSameBits(other.Nu, one.Nu, "nu");
            if (one is ScaleByAmsgradState ams)
                Trees.AssertSameBits(((ScaleByAmsgradState)other).NuMax, ams.NuMax, "nu_max");
        }

        Assert.Equal(Shape(b), Shape(a));
    }

    [Theory]
    [MemberData(nameof(NotFusedNames))]
    public void OtherOrdersRunLinkByLink(string name)
    {
        Chain chain = new(NotFused[name]);
        Assert.False(chain.IsFused);
        Tree expected = Trees.Gradients(1);
        TransformState state = chain.Init(Trees.Parameters);
        List<TransformState> states = [];
        foreach (GradientTransformation link in NotFused[name])
        {
            (expected, TransformState next) = link.Update(expected, link.Init(Trees.Parameters), Trees.Parameters);
            states.Add(next);
        }

        (Tree actual, TransformState after) = chain.Update(Trees.Gradients(1), state, Trees.Parameters);
        Trees.AssertSameBits(expected, actual, name);
        Assert.Equal(states.Select(Shape), ((ChainState)after).States.Select(Shape));
    }

    [Fact]
    public void LinksDoWhatTheirNamesSay()
    {
        Tree w = new([1f, -2f], [4f]), u = new([3f, -0.5f], [float.NaN]);
        Trees.AssertSameBits(new([1f, -0.5f], [float.NaN]), Of(Clip(1), u), "clip");
        Trees.AssertSameBits(new([-6f, 1f], [float.NaN]), Of(Scale(-2), u), "scale");
        Trees.AssertSameBits(new([-0.75f, 0.125f], [float.NaN]), Of(ScaleByLearningRate(0.25), u), "rate");
        Trees.AssertSameBits(new([0.75f, -0.125f], [float.NaN]), Of(ScaleByLearningRate(0.25, false), u), "climb");
        Trees.AssertSameBits(new([3.5f, -1.5f], [float.NaN]), Of(AddDecayedWeights(0.5), u, w), "decay");
        Trees.AssertSameBits(new([3f, -0.5f], [float.NaN]), Of(AddDecayedWeights(0), u, w), "no decay");
        Trees.AssertSameBits(
            new([3f, -0.5f], [float.NaN]), Of(AddDecayedWeights(0.5, Mask.Leaves(false, true)), u, w), "masked decay");
        Trees.AssertSameBits(new([0f, 0f], [0f]), Of(SetToZero(), u), "zero");
        Trees.AssertSameBits(new([0.6f, 0f], [0.8f]), Of(ClipByGlobalNorm(1), new([3f, 0f], [4f])), "norm");
        Trees.AssertSameBits(new([3f, 0f], [4f]), Of(ClipByGlobalNorm(5.5), new([3f, 0f], [4f])), "norm below");
        Assert.All(Of(ClipByGlobalNorm(1), u)[0]!, x => Assert.True(float.IsNaN(x)));
        Assert.Equal(5, GlobalNorm(new([3f, 0f], [4f])));

        static Tree Of(GradientTransformation link, Tree updates, Tree? parameters = null) =>
            link.Update(updates, link.Init(updates), parameters).Updates;
    }

    [Fact]
    public void UpdatesOfScaleByAdamPointUphill()
    {
        GradientTransformation adam = ScaleByAdam();
        (Tree updates, TransformState state) = adam.Update(new float[] { 2, -3 }, adam.Init(new float[2]));
        Assert.Equal(1, updates[0]![0], 1e-6);
        Assert.Equal(-1, updates[0]![1], 1e-6);
        Assert.Equal(1, ((ScaleByAdamState)state).Count);
    }

    private static IEnumerable<ScaleByAdamState> Moments(TransformState state) => state switch
    {
        ChainState chain => chain.States.SelectMany(Moments),
        ScaleByAdamState moments => [moments],
        _ => [],
    };

    /// <summary>The kinds of states and their counts.</summary>
    private static string Shape(TransformState state) => state switch
    {
        ChainState chain => $"({string.Join(", ", chain.States.Select(Shape))})",
        ScaleByAdamState moments => $"{moments.GetType().Name} {moments.Count}",
        ScaleByScheduleState schedule => $"schedule {schedule.Count}",
        MaskedState masked => $"masked {Shape(masked.InnerState)}",
        _ => state.GetType().Name,
    };
}
