using NativeAdamax.Schedules.MXNet;
using NativeAdamax.Styles.MXNet;

namespace NativeAdamax.Tests.Styles.MXNet;

public sealed class MXNetErrorTests
{
    private static readonly Dictionary<string, (string Words, Action Act)> Registry = new()
    {
        ["name"] = ("There is no optimizer sgd; there are adam, adamax, adamw, nadam.", () => MXNetRegistry.Create("sgd")),
        ["null"] = ("name", () => MXNetRegistry.Create(null!)),
        ["rate"] = ("LearningRate", () => MXNetRegistry.Create("adam", new() { LearningRate = -1 })),
        ["beta1"] = ("Beta1", () => MXNetRegistry.Create("adam", new() { Beta1 = 1 })),
        ["beta2"] = ("Beta2", () => MXNetRegistry.Create("adam", new() { Beta2 = -0.1 })),
        ["epsilon"] = ("Epsilon", () => MXNetRegistry.Create("adamax", new() { Epsilon = -1e-8 })),
        ["wd"] = ("WeightDecay", () => MXNetRegistry.Create("adamax", new() { Wd = -1 })),
        ["clip"] = ("ClipValue", () => MXNetRegistry.Create("adamax", new() { ClipGradient = 0 })),
        ["rescale"] = ("RescaleGrad", () => MXNetRegistry.Create("adamax", new() { RescaleGrad = double.NaN })),
        ["begin"] = ("BeginNumUpdate", () => MXNetRegistry.Create("adamax", new() { BeginNumUpdate = -1 })),
        ["schedule"] = ("Adam takes no ScheduleDecay", () => MXNetRegistry.Create("adam", new() { ScheduleDecay = 1 })),
        ["correction"] = ("Nadam takes no CorrectBias", () => MXNetRegistry.Create("nadam", new() { CorrectBias = true })),
        ["fused"] = ("Adamax takes no UseFusedStep of True", () => MXNetRegistry.Create("adamax", new() { UseFusedStep = true })),
        ["own factor"] = ("wdMult", () => MXNetRegistry.Create(
            "adamax", new() { ParamDict = new Dictionary<int, (double, double)> { [0] = (1, -1) } })),
        ["pointer"] = ("first", () => OverNull(1)),
        ["length"] = ("length", () => OverNull(-1)),
    };

    private static readonly Dictionary<string, (string Words, Action<MXNetOptimizer, float[], float[], MXNetState> Act)> Steps =
        new()
        {
            ["weights"] = ("There are 0 weights for 1 indices", (o, w, g, s) => o.Step([0], [], [g], [s])),
            ["gradients"] = ("There are 2 gradients for 1 indices", (o, w, g, s) => o.Step([0], [w], [g, g], [s])),
            ["states"] = ("There are 0 states for 1 indices", (o, w, g, s) => o.Step([0], [w], [g], [])),
            ["index"] = (
                "Index 3 stands there twice",
                (o, w, g, s) => o.Step([3, 3], [w, new float[2]], [g, g], [s, MXNetOptimizer.CreateState(w)])),
            ["gradient"] = ("The gradient of index 4 has 3 elements, its weight 2", (o, w, g, s) => o.Step(4, w, new float[3], s)),
            ["mean"] = ("The mean of index 4 has 3", (o, w, g, s) => o.Step(4, w, g, s with { Mean = new float[3] })),
            ["variance"] = ("The variance of index 4 has 0", (o, w, g, s) => o.Step(4, w, g, s with { Variance = Array.Empty<float>() })),
            ["null"] = ("states", (o, w, g, s) => o.Step(4, w, g, null!)),
            ["shared state"] = ("share memory", (o, w, g, s) => o.Step(4, w, g, s with { Mean = s.Variance })),
            ["gradient in the weight"] = ("share memory", (o, w, g, s) => o.Step(4, w, w, s)),
            ["weight twice"] = (
                "share memory", (o, w, g, s) => o.Step([0, 1], [w, w], [g, g], [s, MXNetOptimizer.CreateState(w)])),
            ["gradient in a state"] = (
                "share memory",
                (o, w, g, s) => o.Step([0, 1], [w, new float[2]], [g, s.Mean], [s, MXNetOptimizer.CreateState(w)])),
            ["alignment"] = ("not aligned", Misaligned),
            ["rate"] = ("LearningRate", (o, w, g, s) => o.SetLearningRate(double.NaN)),
            ["rescale"] = ("RescaleGrad", (o, w, g, s) => o.RescaleGrad = double.PositiveInfinity),
            ["lr_mult"] = ("lr_mult", (o, w, g, s) => o.SetLrMult(new Dictionary<int, double> { [0] = -1 })),
            ["wd_mult"] = ("wd_mult", (o, w, g, s) => o.SetWdMult(byName: new Dictionary<string, double> { ["a"] = double.NaN })),
        };

    public static TheoryData<string> RegistryNames => [.. Registry.Keys];

    public static TheoryData<string> StepNames => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(RegistryNames))]
    public void ArgumentsThatMakeNoSenseAreRefused(string name)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(Registry[name].Act);
        Assert.Contains(Registry[name].Words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StepNames))]
    public void AStepThatIsRefusedHasChangedNothing(string name)
    {
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adam");
        float[] w = [1, 2], g = [3, 4];
        MXNetState state = new(new float[] { 5, 6 }, new float[] { 7, 8 });
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Steps[name].Act(optimizer, w, g, state));
        Assert.Contains(Steps[name].Words, error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], [.. w, .. g, .. state.Mean.Span.ToArray(), .. state.Variance.Span.ToArray()]);
        Assert.Equal(0, optimizer.NumUpdate);
        Assert.Equal((0.001, 1), (optimizer.LearningRate, optimizer.RescaleGrad));
    }

    [Fact]
    public void GradientsMayShareMemory()
    {
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adam");
        float[] a = [1, 2], b = [1, 2], g = [3, 4];
        optimizer.Step([0, 1], [a, b], [g, g], [MXNetOptimizer.CreateState(a), MXNetOptimizer.CreateState(b)]);
        Assert.Equal(a, b);
    }

    [Fact]
    public void WhileASchedulerRulesNoNumberIsTaken()
    {
        using MXNetOptimizer optimizer = MXNetRegistry.Create("adam", new() { LrScheduler = new FactorScheduler(3) });
        Assert.Throws<InvalidOperationException>(() => optimizer.SetLearningRate(0.1));
        optimizer.Dispose();
        float[] w = [1];
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step(0, w, new float[1], MXNetOptimizer.CreateState(w)));
    }

    private static unsafe void OverNull(long length) => NDArray.Over((float*)null, length);

    private static unsafe void Misaligned(MXNetOptimizer optimizer, float[] w, float[] g, MXNetState state)
    {
        byte* bytes = stackalloc byte[32];
        optimizer.Step(0, NDArray.Over((float*)(bytes + 1), 2), g, state);
    }
}
