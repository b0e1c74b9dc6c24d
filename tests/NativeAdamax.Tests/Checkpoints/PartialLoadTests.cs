using NativeAdamax.Checkpoints;
using NativeAdamax.Scaling;
using NativeAdamax.Schedules.PyTorch;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>What is refused strictly, what is loaded otherwise, and what the report says.</summary>
public sealed class PartialLoadTests
{
    [Fact]
    public void WhatIsMissingTooMuchOrMismatchedIsNamedAndNothingIsChanged()
    {
        using Run run = new Run(new AdamOptions(), [4, 3]).Call();
        using Run other = new(p => new Adam(
            [Parameter.Create(5, "w0"), Parameter.Create(3, "new"), p[1]], new AdamOptions { AmsGrad = true }), [4, 3], 9);
        byte[] before = other.Save();
        CheckpointMismatchException e = Assert.Throws<CheckpointMismatchException>(() => other.Load(run.Save()));
        LoadReport report = e.Report;
        Assert.Contains("new.exp_avg", report.Missing);
        Assert.Contains("w1.max_exp_avg_sq", report.Missing);
        Assert.Contains(new CheckpointMismatch("w0.exp_avg_sq", "F32 [4]", "F32 [5]"), report.Mismatched);
        Assert.Contains(report.Mismatched, m => m.Name == "groups");
        Assert.Empty(report.Extra);
        Assert.Contains("new", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Save());

        LoadReport partial = other.Load(run.Save(), new LoadOptions { Strict = false });
        Assert.False(partial.IsComplete);
        Assert.Equal(["w0.step", "w1", "w1.exp_avg", "w1.exp_avg_sq", "w1.step"], partial.Loaded.Order(StringComparer.Ordinal));
        Assert.Equal(run.Parameters[1].Weights, other.Parameters[1].Weights);
        Assert.Equal(1, other.Optimizer.StepCount);
        Assert.Equal(
            run.Optimizer.State(run.Parameters[1]).FirstMoment, other.Optimizer.State(other.Parameters[1]).FirstMoment);
    }

    [Fact]
    public void ExtraTensorsAreRefusedUnlessTheyAreFilteredOut()
    {
        using Run run = new Run(new AdamOptions { AmsGrad = true }, [4]).Call();
        using Run other = new(new AdamOptions(), [4], 9);
        Assert.Equal(
            ["w0.max_exp_avg_sq"],
            Assert.Throws<CheckpointMismatchException>(() => other.Load(run.Save())).Report.Extra);
        LoadReport report = other.Load(
            run.Save(), new LoadOptions { Filter = name => !name.EndsWith(".max_exp_avg_sq", StringComparison.Ordinal) });
        Assert.True(report.IsComplete);
        Assert.Equal(run.Parameters[0].Weights, other.Parameters[0].Weights);
    }

    [Fact]
    public void WeightsAloneMoveAndStateAloneMoves()
    {
        using Run run = new Run(new AdamOptions { LearningRate = 0.5 }, [4]).Call(3);
        using Run weights = new(new AdamaxOptions(), [4], 9);
        LoadReport report = weights.Load(
            run.Save(), new LoadOptions { Run = false, Filter = name => !name.Contains('.', StringComparison.Ordinal) });
        Assert.Equal(["w0"], report.Loaded);
        Assert.Equal(run.Parameters[0].Weights, weights.Parameters[0].Weights);
        Assert.Equal((0L, 0.001), (weights.Optimizer.StepCount, weights.Optimizer.LearningRate));

        using Run state = new(new AdamOptions(), [4], 9);
        float[] before = state.Parameters[0].Weights.ToArray();
        byte[] withoutWeights = run.Save(new SaveOptions { Weights = false });
        Assert.Equal(["w0"], Assert.Throws<CheckpointMismatchException>(() => state.Load(withoutWeights)).Report.Missing);
        Assert.True(state.Load(withoutWeights, new LoadOptions { Weights = false }).IsComplete);
        Assert.True(state.Load(run.Save(), new LoadOptions { Weights = false }).IsComplete);
        Assert.Equal(before, state.Parameters[0].Weights);
        Assert.Equal((3L, 0.5), (state.Optimizer.StepCount, state.Optimizer.LearningRate));
    }

    [Fact]
    public void WhatIsLaidOutOtherwiseIsRefused()
    {
        AdamOptions plain = new() { Dialect = Dialect.PyTorch, Ema = new EmaOptions(), LossScale = LossScale.Fixed(2) };
        (string Name, Func<Run> Make)[] others =
        [
            ("optimizer", () => new Run(new AdamaxOptions { Dialect = Dialect.PyTorch }, [4])),
            ("dialect", () => new Run(plain with { Dialect = Dialect.Keras }, [4])),
            ("accumulation_steps", () => new Run(plain with { AccumulationSteps = 2 }, [4])),
            ("average", () => new Run(plain with { Ema = new EmaOptions { Momentum = 0.5 } }, [4])),
            ("average", () => new Run(plain with { Ema = null }, [4])),
            ("loss_scale", () => new Run(plain with { LossScale = LossScale.Fixed(4) }, [4])),
            ("loss_scale", () => new Run(plain with { LossScale = LossScale.Dynamic(Dialect.Keras) }, [4])),
            ("groups", () => new Run(p => new Adam([new ParameterGroup(p[..1]), new ParameterGroup(p[1..])], plain), [4, 1])),
        ];
        foreach ((string name, Func<Run> make) in others)
        {
            using Run run = new Run(plain, name == "groups" ? [4, 1] : [4]).Call();
            using Run other = make();
            byte[] before = other.Save();
            LoadReport report = Assert.Throws<CheckpointMismatchException>(() => other.Load(run.Save())).Report;
            Assert.Contains(report.Mismatched, m => m.Name == name);
            Assert.Equal(before, other.Save());
            other.Load(run.Save(), new LoadOptions { Strict = false });
            other.Call();
        }
    }

    [Fact]
    public void RulesOfTheCallerStayAndAreNamed()
    {
        using Run numbers = new Run(new AdamOptions { LearningRate = 0.5 }, [4]).Call();
        using Run schedule = new Run(new AdamOptions { LearningRate = new OneCycleLR(0.5, 10) }, [4]).Call();
        using Run plateau = new(new AdamOptions { LearningRate = new ReduceLROnPlateau(0.5) }, [4]);
        Assert.Single(schedule.Load(numbers.Save()).Kept);
        Assert.IsType<OneCycleLR>(schedule.Optimizer.LearningRateRule);
        CheckpointMismatch kept = Assert.Single(numbers.Load(schedule.Save()).Kept);
        Assert.Contains(nameof(OneCycleLR), kept.InFile, StringComparison.Ordinal);
        Assert.Equal(("0.5", 0.5), (kept.Here, numbers.Optimizer.LearningRate));
        Assert.Single(plateau.Load(numbers.Save()).Kept);
        Assert.Empty(plateau.Load(plateau.Save()).Kept);
    }

    [Fact]
    public void AScheduleThatRefusesItsMemoryLeavesEverythingAsItWas()
    {
        using Run run = new Run(new AdamOptions { LearningRate = new ReduceLROnPlateau(0.5) }, [4]).Call();
        byte[] changed = HostileFileTests.Changed(
            run.Save(), "run", json => json.Replace("\"bad\":0", "\"bad\":-3", StringComparison.Ordinal)
                .Replace("\"beta1\":0.9", "\"beta1\":0.8", StringComparison.Ordinal));
        using Run other = new(new AdamOptions { LearningRate = new ReduceLROnPlateau(0.25) }, [4], 9);
        byte[] before = other.Save();
        Assert.Throws<CheckpointFormatException>(() => other.Load(changed, new LoadOptions { VerifyChecksums = false }));
        Assert.Equal(before, other.Save());
    }

    [Fact]
    public void ParametersWithoutANameAreCalledByTheirPlace()
    {
        using Parameter a = Parameter.Create(2), b = Parameter.Create(3, "b"), c = Parameter.Create(1);
        using Adamax optimizer = new([a, b, c]);
        MemoryStream stream = new();
        optimizer.Save(stream);
        stream.Position = 0;
        using SafetensorsReader reader = SafetensorsReader.Open(stream);
        Assert.Equal(
            ["0", "0.exp_avg", "0.exp_inf", "0.step", "2", "2.exp_avg", "2.exp_inf", "2.step", "b", "b.exp_avg", "b.exp_inf", "b.step"],
            reader.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NamesThatAreNotUniqueAreRefused()
    {
        using Parameter a = Parameter.Create(2, "a"), same = Parameter.Create(2, "a"), one = Parameter.Create(1, "1");
        using Parameter unnamed = Parameter.Create(1), state = Parameter.Create(2, "a.exp_avg");
        foreach (Parameter[] parameters in new Parameter[][] { [a, same], [one, unnamed], [a, state] })
        {
            using Adam optimizer = new(parameters);
            MemoryStream stream = new();
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => optimizer.Save(stream));
            Assert.Contains("called '", e.Message, StringComparison.Ordinal);
            Assert.Equal(0, stream.Length);
            optimizer.ZeroGradients();
        }
    }

    [Fact]
    public void ShapesAreWrittenAndAsked()
    {
        using Run run = new Run(new AdamOptions(), [6]).Call();
        byte[] saved = run.Save(new SaveOptions { ShapeOf = _ => [2, 3] });
        using SafetensorsReader reader = SafetensorsReader.Open(new MemoryStream(saved));
        Assert.Equal([2L, 3L], reader.Find("w0.exp_avg_sq")!.Shape);
        Assert.Equal([], reader.Find("w0.step")!.Shape);
        Assert.True(run.Load(saved).IsComplete);
        Assert.True(run.Load(saved, new LoadOptions { ShapeOf = _ => [2, 3] }).IsComplete);
        LoadOptions other = new() { ShapeOf = _ => [3, 2] };
        Assert.Contains(
            new CheckpointMismatch("w0", "F32 [2, 3]", "F32 [3, 2]"),
            Assert.Throws<CheckpointMismatchException>(() => run.Load(saved, other)).Report.Mismatched);
        Assert.Throws<ArgumentException>(() => run.Save(new SaveOptions { ShapeOf = _ => [2, 2] }));
        Assert.Throws<ArgumentException>(() => run.Save(new SaveOptions { ShapeOf = _ => [-2, -3] }));
    }

    [Fact]
    public void TheUsersOwnTextComesBack()
    {
        using Run run = new(new AdamOptions(), [6]);
        byte[] saved = run.Save(new SaveOptions { Metadata = new Dictionary<string, string> { ["epoch"] = "12 \u00e9" } });
        Assert.Equal("12 \u00e9", Assert.Single(run.Load(saved).Metadata, m => m.Key == "epoch").Value);
        Assert.Throws<ArgumentException>(
            () => run.Save(new SaveOptions { Metadata = new Dictionary<string, string> { ["run"] = "" } }));
    }

    [Fact]
    public void AFileOfSomebodyElseIsLoadedByNameAndShape()
    {
        SafetensorsWriter writer = new() { Checksums = false };
        writer.Add("w0", TensorType.F32, [2, 2], new byte[16]);
        writer.Add("w1", TensorType.F16, [3], new byte[6]);
        byte[] file = SafetensorsTests.Written(writer);
        using Run run = new Run(new AdamOptions(), [4, 3]).Call();
        Assert.Contains("run", Assert.Throws<CheckpointMismatchException>(() => run.Load(file)).Report.Missing);
        LoadReport report = run.Load(file, new LoadOptions { Strict = false });
        Assert.Equal(["w0"], report.Loaded);
        Assert.Contains(new CheckpointMismatch("w1", "F16 [3]", "F32 [3]"), report.Mismatched);
        Assert.Equal([0f, 0, 0, 0], run.Parameters[0].Weights.ToArray());
        Assert.Equal(1, run.Optimizer.StepCount);
    }
}
