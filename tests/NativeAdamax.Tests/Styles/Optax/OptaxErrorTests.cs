using NativeAdamax.Styles.Optax;
using static NativeAdamax.Styles.Optax.Transforms;

namespace NativeAdamax.Tests.Styles.Optax;

public sealed class OptaxErrorTests
{
    private static readonly Tree One = new[] { 1f, 2f };

    private static readonly Dictionary<string, (Type Type, string Words, Action Act)> Errors = new()
    {
        ["no rate"] = (typeof(ArgumentNullException), "minus sign", () => ScaleByLearningRate(null!)),
        ["no rate of adam"] = (typeof(ArgumentNullException), "minus sign", () => Adam(null!)),
        ["negative rate"] = (typeof(ArgumentOutOfRangeException), "LearningRate", () => Adam(-0.1)),
        ["beta 1"] = (typeof(ArgumentOutOfRangeException), "Beta1", () => ScaleByAdam(b1: 1)),
        ["beta 2"] = (typeof(ArgumentOutOfRangeException), "Beta2", () => ScaleByAdamax(b2: double.NaN)),
        ["epsilon"] = (typeof(ArgumentOutOfRangeException), "Epsilon", () => ScaleByAmsgrad(eps: -1)),
        ["epsilon root"] = (typeof(ArgumentOutOfRangeException), "EpsilonRoot", () => ScaleByAdam(epsRoot: -1)),
        ["clip"] = (typeof(ArgumentOutOfRangeException), "maxDelta", () => Clip(0)),
        ["norm"] = (typeof(ArgumentOutOfRangeException), "maxNorm", () => ClipByGlobalNorm(-1)),
        ["factor"] = (typeof(ArgumentOutOfRangeException), "factor", () => Scale(double.PositiveInfinity)),
        ["decay"] = (typeof(ArgumentOutOfRangeException), "LearningRate", () => AddDecayedWeights(-1)),
        ["no decay"] = (typeof(ArgumentNullException), "weightDecay", () => AddDecayedWeights(null!)),
        ["no weights to decay"] = (typeof(ArgumentNullException), "pass parameters", () => Run(AdamW(0.1))),
        ["no weights to decay, single"] = (
            typeof(ArgumentNullException), "pass parameters", () => Run(AddDecayedWeights(0.1))),
        ["another shape"] = (
            typeof(ArgumentException), "Leaf 0 of updates has 3 elements instead of 2", () => Run(Adam(0.1), new float[3])),
        ["another count"] = (
            typeof(ArgumentException), "updates has 2 leaves instead of 1", () => Run(Adam(0.1), new Tree([1f], [2f]))),
        ["a missing leaf"] = (typeof(ArgumentException), "has no elements instead of 2", () => Run(Adam(0.1), new Tree([null]))),
        ["other parameters"] = (
            typeof(ArgumentException), "parameters has 3 elements",
            () => Adam(0.1).Update(One, Adam(0.1).Init(One), new float[3])),
        ["a state of another"] = (
            typeof(ArgumentException), "EmptyState where ChainState", () => Adam(0.1).Update(One, new EmptyState())),
        ["a state of another link"] = (
            typeof(ArgumentException), "ScaleByAdamState where ScaleByAmsgradState",
            () => AmsGrad(0.1).Update(One, Adam(0.1).Init(One))),
        ["too few states"] = (
            typeof(ArgumentException), "2 states for 3 links", () => AdamW(0.1).Update(One, Adam(0.1).Init(One), One)),
        ["no states"] = (typeof(ArgumentException), "0 states for 2 links", () => Adam(0.1).Update(One, new ChainState(default))),
        ["a count below 0"] = (
            typeof(ArgumentOutOfRangeException), "Count",
            () => ScaleByAdam().Update(One, (ScaleByAdamState)ScaleByAdam().Init(One) with { Count = -1 })),
        ["a count of a schedule below 0"] = (
            typeof(ArgumentOutOfRangeException), "Count",
            () => ScaleByLearningRate(LearningRate.From(() => 0.1)).Update(One, new ScaleByScheduleState(-1))),
        ["a state without its schedule"] = (
            typeof(ArgumentException), "EmptyState where ScaleByScheduleState",
            () => Adam(LearningRate.From(() => 0.1)).Update(One, Adam(0.1).Init(One))),
        ["a schedule below 0"] = (
            typeof(ArgumentOutOfRangeException), "LearningRate", () => Run(Adam(LearningRate.From(_ => -1)))),
        ["a null link"] = (typeof(ArgumentException), "null", () => Chain(Adam(0.1), null!)),
        ["a mask too short"] = (
            typeof(ArgumentException), "mask has 2 leaves instead of 1",
            () => Masked(Adam(0.1), Mask.Leaves(true, false)).Init(One)),
        ["an unknown label"] = (
            typeof(ArgumentException), "Leaf 0 has the label a; there are b",
            () => Partition(new Dictionary<string, GradientTransformation> { ["b"] = Adam(1) }, _ => "a").Init(One)),
        ["a label without a transformation"] = (
            typeof(ArgumentException), "label b is null",
            () => Partition(new Dictionary<string, GradientTransformation> { ["b"] = null! }, _ => "b")),
        ["a label without a state"] = (
            typeof(ArgumentException), "none for label b",
            () => Partition(new Dictionary<string, GradientTransformation> { ["b"] = Adam(1) }, _ => "b").Update(
                One, Partition(new Dictionary<string, GradientTransformation> { ["c"] = Adam(1) }, _ => "c").Init(One))),
        ["no mask"] = (typeof(ArgumentNullException), "mask", () => Masked(Adam(0.1), null!)),
        ["no inner"] = (typeof(ArgumentNullException), "inner", () => Masked(null!, Mask.Leaves(true))),
        ["steps"] = (typeof(ArgumentOutOfRangeException), "every", () => new MultiSteps(Adam(0.1), 0)),
        ["steps of a function"] = (
            typeof(ArgumentOutOfRangeException), "every", () => Run(new MultiSteps(Adam(0.1), _ => -1))),
        ["errors"] = (typeof(ArgumentOutOfRangeException), "maxConsecutiveErrors", () => ApplyIfFinite(Adam(0.1), -1)),
        ["nothing injected"] = (
            typeof(ArgumentException), "no hyper-parameter", () => InjectHyperparams(_ => Adam(0.1))),
        ["a null injected"] = (
            typeof(ArgumentException), "lr is null", () => InjectHyperparams(_ => Adam(0.1), ("lr", null!))),
        ["an unknown number in the state"] = (
            typeof(ArgumentException), "no hyper-parameter rate; there are lr", UpdateWithUnknownNumber),
        ["a name twice"] = (typeof(ArgumentException), "name a", () => Tree.Named(("a", null), ("a", null))),
        ["an unknown name"] = (typeof(ArgumentException), "no leaf b", () => _ = Tree.Named(("a", null))["b"]),
        ["updates of another shape"] = (
            typeof(ArgumentException), "Leaf 0 of updates", () => ApplyUpdates(One, new float[1])),
    };

    public static TheoryData<string> Names => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NonsenseIsRefusedByName(string name)
    {
        (Type type, string words, Action act) = Errors[name];
        Exception error = Assert.ThrowsAny<ArgumentException>(act);
        Assert.IsType(type, error);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AParameterWithoutAnUpdateStays()
    {
        Tree moved = ApplyUpdates(new([1f], [2f], null), new([1f], null, null));
        Assert.Equal([2f], moved[0]!);
        Assert.Equal([2f], moved[1]!);
        Assert.Null(moved[2]);
    }

    private static void UpdateWithUnknownNumber()
    {
        GradientTransformation solver = InjectHyperparams(h => Adam(h["lr"]), ("lr", 0.1));
        var state = (InjectHyperparamsState)solver.Init(One);
        solver.Update(One, state with { Hyperparams = state.Hyperparams.SetItem("rate", 1) });
    }

    private static void Run(GradientTransformation solver, Tree? updates = null) =>
        solver.Update(updates ?? One, solver.Init(One));
}
