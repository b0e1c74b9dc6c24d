using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Goldens;
using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Styles.PyTorch;

public sealed class StateDictTests
{
    private static readonly Dictionary<string, (OptimizerOptions Options, string[] State, string[] Group)> Kinds = new()
    {
        ["Adam"] = (new AdamOptions { WeightDecay = 0.1 }, ["step", "exp_avg", "exp_avg_sq"],
            ["amsgrad", "decoupled_weight_decay", "fused"]),
        ["AMSGrad"] = (new AdamOptions { AmsGrad = true }, ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
            ["amsgrad", "decoupled_weight_decay", "fused"]),
        ["AdamW"] = (new AdamWOptions(), ["step", "exp_avg", "exp_avg_sq"],
            ["amsgrad", "decoupled_weight_decay", "fused"]),
        ["Adamax"] = (new AdamaxOptions { WeightDecay = 0.2, Beta2 = 0.9 }, ["step", "exp_avg", "exp_inf"], []),
        ["NAdam"] = (new NadamOptions(), ["step", "exp_avg", "exp_avg_sq", "mu_product"],
            ["momentum_decay", "decoupled_weight_decay"]),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ARunGoesOnWhereItsStateWasSaved(string name)
    {
        OptimizerOptions options = Kinds[name].Options;
        using Pair whole = new(options), first = new(options), second = new(options with { LearningRate = 7 });
        whole.Train(1, 20);
        first.Train(1, 8);
        StateDict saved = first.Torch.StateDict();
        first.Train(9, 9);
        second.CopyWeights(new Pair(options), saved, 8);
        second.Torch.LoadStateDict(saved);
        Assert.Equal(8, second.Torch.Inner.StepCount);
        second.Train(9, 20);
        Bits.AssertEqual(whole.A.Weights, second.A.Weights, name);
        Bits.AssertEqual(whole.B.Weights, second.B.Weights, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void KeysAreThoseOfPyTorch(string name)
    {
        (OptimizerOptions options, string[] state, string[] group) = Kinds[name];
        using Pair pair = new(options);
        Assert.Empty(pair.Torch.StateDict().State);
        pair.Train(3, 3);
        StateDict saved = pair.Torch.StateDict();
        Assert.Equal([0], saved.State.Keys);
        Assert.Equal(state.Order(), saved.State[0].Keys.Order());
        Assert.Equal(1L, saved.State[0]["step"]);
        string[] common =
            ["lr", "betas", "eps", "weight_decay", "maximize", "foreach", "capturable", "differentiable", "params"];
        Assert.Equal(common.Concat(group).Order(), saved.ParamGroups[0].Keys.Order());
        Assert.Equal([0, 1], (int[])saved.ParamGroups[0]["params"]!);
    }

    [Fact]
    public void ARunGoesOnFromWhatPyTorchSaved()
    {
        GoldenTrajectory golden = GoldenTrajectory.Load("torch/adamax_resume");
        Parameter[] parameters = [.. golden.TensorNames.Select((n, k) => Parameter.Create(Saved($"param_{k}"), n))];
        using TorchOptimizer torch = new(parameters, new AdamaxOptions());
        Dictionary<int, IReadOnlyDictionary<string, object?>> state = [];
        for (int k = 0; k < parameters.Length; k++)
        {
            state.Add(k, new Dictionary<string, object?>
            {
                ["step"] = Saved($"state_{k}_step"),
                ["exp_avg"] = Saved($"state_{k}_exp_avg"),
                ["exp_inf"] = Saved($"state_{k}_exp_inf"),
            });
        }

        torch.LoadStateDict(new StateDict(state, [new Dictionary<string, object?>
        {
            ["lr"] = 0.01,
            ["betas"] = (double[])[0.9, 0.999],
            ["eps"] = 1e-8,
            ["weight_decay"] = 0.01,
            ["foreach"] = null,
            ["params"] = Enumerable.Range(0, 4).ToArray(),
        }]));
        Dictionary<int, ReferenceTensor[]> exact =
            ReferenceRun.Along(golden).ToDictionary(c => c.Item1.Step, c => c.Item2.ToArray());
        foreach (GoldenCheckpoint checkpoint in golden.Checkpoints.Where(c => c.Step > 10))
        {
            while (torch.Inner.StepCount < checkpoint.Step)
            {
                for (int k = 0; k < parameters.Length; k++)
                    parameters[k].SetGradient(golden.Gradient(k, (int)torch.Inner.StepCount + 1)!);
                torch.Step();
            }

            for (int k = 0; k < parameters.Length; k++)
            {
                PackedTensor theirs = checkpoint.Parameters[k];
                for (int i = 0; i < theirs.Values.Length; i++)
                {
                    // Both are rounded, and we begin with their roundings of ten steps.
                    double bound = 2.2 * checkpoint.ParameterDeviation!.Value.MaxAbsolute + 2 * Bits.Ulp(theirs.Values[i]);
                    Assert.Equal(theirs.Values[i], parameters[k].Weights[theirs.Indices[i]], bound);
                }
            }
        }

        Assert.Equal(20, torch.Inner.StepCount);
        static float[] Saved(string name) => NpyFile.Read($"torch_saved/adamax/{name}.npy");
    }

    [Fact]
    public void NumbersOfTheGroupsAreReplacedAndMissingOnesAreDefaults()
    {
        using Parameter a = Make.Weights(3);
        using TorchOptimizer torch = new([a], new NadamOptions { LearningRate = 5, Beta1 = 0.1, WeightDecay = 3, Maximize = true });
        torch.LoadStateDict(Group(new() { ["params"] = Nine, ["lr"] = 0.25f, ["decoupled_weight_decay"] = true }));
        var now = (NadamOptions)torch.ParamGroups[0].Options;
        Assert.Equal(0.25, torch.ParamGroups[0].Lr);
        Assert.Equal((0.9, 0.999, 1e-8, 0.0, 0.004), (now.Beta1, now.Beta2, now.Epsilon, now.WeightDecay, now.MomentumDecay));
        Assert.Equal((false, WeightDecayForm.Decoupled), (now.Maximize, now.WeightDecayForm));
        torch.LoadStateDict(Group(new() { ["params"] = Nine }));
        Assert.Equal(0.002, torch.ParamGroups[0].Lr);
        Assert.Equal(WeightDecayForm.Coupled, torch.ParamGroups[0].Options.WeightDecayForm);
    }

    private static readonly int[] Nine = [9];

    [Fact]
    public void AScheduleStaysAndLoadedStatesTakeThePlaceOfOlderOnes()
    {
        using Pair pair = new(new AdamOptions { LearningRate = LearningRate.From(step => step + 1) });
        StateDict before = pair.Torch.StateDict();
        Assert.Equal(1.0, before.ParamGroups[0]["lr"]);
        pair.Train(1, 4);
        pair.Torch.LoadStateDict(before);
        Assert.Equal(1, pair.Torch.ParamGroups[0].Lr);
        ParameterState state = pair.Torch.Inner.State(pair.A);
        Assert.Equal(0, state.UpdateCount);
        Assert.All(state.FirstMoment.ToArray().Concat(state.SecondMoment.ToArray()), x => Assert.Equal(0, x));
    }

    private static readonly Dictionary<string, (string Words, Func<StateDict, StateDict> Change)> Errors = new()
    {
        ["groups"] = ("2 groups, the optimizer 1", s => s with { ParamGroups = [.. s.ParamGroups, s.ParamGroups[0]] }),
        ["params"] = ("Group 0 has no params", s => WithGroup(s, "params", null)),
        ["size"] = ("Group 0 has 1 parameters in the state dictionary and 2 here", s => WithGroup(s, "params", new[] { 0 })),
        ["params of a kind"] = ("params of group 0 is 3, not a Int32[]", s => WithGroup(s, "params", 3)),
        ["lr"] = ("lr of group 0 is fast, not a number", s => WithGroup(s, "lr", "fast")),
        ["negative lr"] = ("LearningRate", s => WithGroup(s, "lr", -1.0)),
        ["betas"] = ("betas of group 0 are 3 numbers", s => WithGroup(s, "betas", new[] { 0.1, 0.2, 0.3 })),
        ["beta"] = ("Beta2", s => WithGroup(s, "betas", new[] { 0.1, 1 })),
        ["eps"] = ("Epsilon", s => WithGroup(s, "eps", -1.0)),
        ["maximize"] = ("maximize of group 0 is 1, not true or false", s => WithGroup(s, "maximize", 1)),
        ["amsgrad"] = ("amsgrad is True in group 0 and False here", s => WithGroup(s, "amsgrad", true)),
        ["unknown"] = ("group 0 has the key weight_decy", s => WithGroup(s, "weight_decy", 0.1)),
        ["step"] = ("step of parameter 0 is 1.5, not a whole number", s => WithState(s, "step", 1.5)),
        ["no step"] = ("step of parameter 0 is missing", s => WithState(s, "step", null)),
        ["length"] = ("exp_avg of parameter 0 has 4 elements instead of 9", s => WithState(s, "exp_avg", new float[4])),
        ["kind"] = ("exp_avg_sq of parameter 0 is 3, not a Single[]", s => WithState(s, "exp_avg_sq", 3)),
        ["missing"] = ("exp_avg_sq of parameter 0 is missing", s => WithState(s, "exp_avg_sq", null)),
        ["of another optimizer"] = ("parameter 0 has the key exp_inf", s => WithState(s, "exp_inf", new float[9])),
    };

    /// <summary>Numbers that only the second group cannot take leave the first one alone too.</summary>
    [Fact]
    public void ALaterGroupThatRefusesLeavesTheEarlierOnesAsTheyWere()
    {
        using Parameter a = Make.Weights(), b = Make.Weights(10, 2);
        ParameterGroup byRows = new([b], new AdamOptions { SparseMode = SparseMode.Exact });
        using TorchOptimizer torch = new([new ParameterGroup([a]), byRows], new AdamOptions { LearningRate = 0.5 });
        StateDict saved = torch.StateDict();
        Dictionary<string, object?>[] groups =
            [.. saved.ParamGroups.Select(g => new Dictionary<string, object?>(g) { ["lr"] = 0.25, ["weight_decay"] = 0.1 })];
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => torch.LoadStateDict(saved with { ParamGroups = groups }));
        Assert.Equal("WeightDecay", error.ParamName);
        Assert.Equal((0.5, 0.5), (torch.ParamGroups[0].Lr, torch.ParamGroups[1].Lr));
        Assert.Equal(0, torch.ParamGroups[0].Options.WeightDecay);
    }

    public static TheoryData<string> ErrorNames => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(ErrorNames))]
    public void WhatDoesNotFitIsRefusedAndNothingChanges(string name)
    {
        using Pair pair = new(new AdamOptions());
        pair.Train(1, 4);
        StateDict wrong = Errors[name].Change(pair.Torch.StateDict());
        pair.Train(5, 5);
        Make.Snapshot before = Make.Snap(pair.Torch.Inner);
        OptimizerOptions options = pair.Torch.ParamGroups[0].Options;
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => pair.Torch.LoadStateDict(wrong));
        Assert.Contains(Errors[name].Words, error.Message, StringComparison.Ordinal);
        before.AssertUnchanged(pair.Torch.Inner);
        Assert.Same(options, pair.Torch.ParamGroups[0].Options);
    }

    private static StateDict Group(Dictionary<string, object?> group) =>
        new(new Dictionary<int, IReadOnlyDictionary<string, object?>>(), [group]);

    private static StateDict WithGroup(StateDict saved, string key, object? value) =>
        saved with { ParamGroups = [new Dictionary<string, object?>(saved.ParamGroups[0]) { [key] = value }] };

    private static StateDict WithState(StateDict saved, string key, object? value) => saved with
    {
        State = new Dictionary<int, IReadOnlyDictionary<string, object?>>(saved.State)
        {
            [0] = new Dictionary<string, object?>(saved.State[0]) { [key] = value },
        },
    };

    /// <summary>Two parameters, of which the second has a gradient at even steps only.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair(OptimizerOptions options) => Torch = new TorchOptimizer([A, B], options);

        public Parameter A { get; } = Make.Weights(9, 1);

        public Parameter B { get; } = Make.Weights(40, 2);

        public TorchOptimizer Torch { get; }

        public void Train(int from, int to)
        {
            for (int step = from; step <= to; step++)
            {
                A.CopyGradient(Training.Numbers((uint)step, 9));
                B.CopyGradient(Training.Numbers((uint)step, 40));
                if (step % 2 != 0)
                    B.ClearGradient();
                Torch.Step();
            }
        }

        /// <summary>The weights that a run of so many steps ends with.</summary>
        public void CopyWeights(Pair fresh, StateDict saved, int steps)
        {
            using (fresh)
            {
                fresh.Train(1, steps);
                Assert.Equal((float[])saved.State[0]["exp_avg"]!, fresh.Torch.Inner.State(fresh.A).FirstMoment.ToArray());
                fresh.A.Weights.CopyTo(A.Weights);
                fresh.B.Weights.CopyTo(B.Weights);
            }
        }

        public void Dispose()
        {
            Torch.Dispose();
            A.Dispose();
            B.Dispose();
        }
    }
}
