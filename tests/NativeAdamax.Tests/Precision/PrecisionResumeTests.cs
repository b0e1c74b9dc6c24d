using NativeAdamax.Checkpoints;

namespace NativeAdamax.Tests.Precision;

/// <summary>Resume is continue, bit for bit, however weights and moments are kept; and files of others are refused by name.</summary>
public sealed class PrecisionResumeTests
{
    private const int Calls = 5;

    private static readonly int[] Lengths = [600, 1, 0, 257];

    public static TheoryData<string, WeightKind, GradientKind> Cases => PrecisionCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void ARunCutAtAnyCallGoesOnWithTheSameBits(string precision, WeightKind weights, GradientKind gradients)
    {
        int next = 0;
        BackendSelection[] backends = [.. Backend.Available];
        foreach (string name in PrecisionCases.Optimizers)
        {
            OptimizerOptions options = PrecisionCases.Options(name, precision) with { AccumulationSteps = 2 };
            using ReducedRun whole = new ReducedRun(options, weights, gradients, Lengths).Call(Calls);
            for (int cut = 0; cut <= Calls; cut++)
            {
                BackendSelection here = backends[next++ % backends.Length], there = backends[next % backends.Length];
                using ReducedRun first = new ReducedRun(
                    options with { Backend = here }, weights, gradients, Lengths).Call(cut);
                byte[] saved = first.Save();
                using ReducedRun second = new ReducedRun(
                    options with { Backend = there }, weights, gradients, Lengths, seed: 77).At(cut);
                LoadReport report = second.Load(saved);
                Assert.True(report.IsComplete);
                Assert.Equal(saved, second.Save());
                first.AssertSame(second, $"loaded {name}, {precision}, {weights}");
                second.Call(Calls - cut);
                whole.AssertSame(second, $"{name}, {precision}, {weights} cut at {cut}");
            }
        }
    }

    [Theory]
    [InlineData("none", "BFloat16", "w0.exp_avg")]
    [InlineData("BFloat16", "none", "w0.exp_inf")]
    [InlineData("EightBit", "none", "w0.exp_avg.scale")]
    [InlineData("EightBit", "Dynamic", "w0.exp_inf.scale")]
    [InlineData("Dynamic", "EightBit", "w0.exp_inf.absmax")]
    [InlineData("Dynamic", "FourBit", "w0.exp_avg")]
    [InlineData("BFloat16", "Nearest", "precision")]
    public void StateInAnotherFormatIsRefusedByName(string saved, string here, string name)
    {
        using ReducedRun first = Run(saved, WeightKind.Float32).Call(2), second = Run(here, WeightKind.Float32).Call(1);
        byte[] file = first.Save(), before = second.Save();
        CheckpointMismatchException e = Assert.Throws<CheckpointMismatchException>(() => second.Load(file));
        string[] names = [.. e.Report.Missing, .. e.Report.Extra, .. e.Report.Mismatched.Select(m => m.Name)];
        Assert.Contains(name, names);
        Assert.Equal(before, second.Save());
    }

    [Theory]
    [InlineData(WeightKind.Float32, WeightKind.Rest16, "w0")]
    [InlineData(WeightKind.Rest16, WeightKind.Rest8, "w0.rest")]
    [InlineData(WeightKind.Rest16, WeightKind.None, "w0.rest")]
    [InlineData(WeightKind.None, WeightKind.Rest8, "w0.rest")]
    [InlineData(WeightKind.None, WeightKind.Half, "w0")]
    public void WeightsInAnotherFormatAreRefusedByName(WeightKind saved, WeightKind here, string name)
    {
        using ReducedRun first = Run("none", saved).Call(2), second = Run("none", here).Call(1);
        byte[] file = first.Save(), before = second.Save();
        CheckpointMismatchException e = Assert.Throws<CheckpointMismatchException>(() => second.Load(file));
        string[] names = [.. e.Report.Missing, .. e.Report.Extra, .. e.Report.Mismatched.Select(m => m.Name)];
        Assert.Contains(name, names);
        Assert.Equal(before, second.Save());
    }

    [Fact]
    public void AMasterIsWeightsLikeOthersAndTheCopyIsMadeAnew()
    {
        using ReducedRun floats = Run("none", WeightKind.Float32).Call(3), master = Run("none", WeightKind.BFloat16);
        master.Load(floats.Save());
        Assert.Equal(floats.Parameters[0].Weights.ToArray(), master.Parameters[0].Weights.ToArray());
        Assert.Equal(
            floats.Parameters[0].Weights.ToArray().Select(w => (BFloat16)w), master.Parameters[0].BFloat16Weights.ToArray());
    }

    [Fact]
    public void HalfOfWhatBelongsTogetherIsNotLoaded()
    {
        using ReducedRun rest8 = Run("none", WeightKind.Rest8).Call(3), rest16 = Run("none", WeightKind.Rest16).Call(1);
        float[] before = ReducedRun.WeightsOf(rest16.Parameters[0]);
        LoadReport report = rest16.Load(rest8.Save(), new LoadOptions { Strict = false });
        Assert.Contains("w0", report.Missing);
        Assert.Contains("w0.rest", report.Mismatched.Select(m => m.Name));
        Assert.DoesNotContain("w0", report.Loaded);
        Assert.Equal(before, ReducedRun.WeightsOf(rest16.Parameters[0]));
    }

    [Theory]
    [InlineData(StateFormat.Float32)]
    [InlineData(StateFormat.BFloat16)]
    [InlineData(StateFormat.BFloat16Random)]
    public void AnAverageOfItsOwnGoesOn(StateFormat format)
    {
        StatePrecision precision = new() { Average = format, Seed = 3 };
        using Parameter parameter = ReducedRun.Make(WeightKind.Rest16, new float[500], "w");
        using WeightEma whole = new([parameter], precision: precision), second = new([parameter], precision: precision);
        MemoryStream file = new();
        for (uint i = 0; i < 6; i++)
        {
            parameter.CopyWeightsFrom(Optimizers.Training.Numbers(i + 1, 500));
            whole.Update();
            if (i == 2)
                whole.Save(file);
        }

        file.Position = 0;
        second.Load(file);
        for (uint i = 3; i < 6; i++)
        {
            parameter.CopyWeightsFrom(Optimizers.Training.Numbers(i + 1, 500));
            second.Update();
        }

        float[] mine = new float[500], theirs = new float[500];
        whole.CopyAverageTo(parameter, mine);
        second.CopyAverageTo(parameter, theirs);
        Assert.Equal(mine, theirs);
        using WeightEma other = new([parameter], precision: new() { Average = (StateFormat)(((int)format + 1) % 3) });
        file.Position = 0;
        Assert.Throws<CheckpointMismatchException>(() => other.Load(file));
    }

    private static ReducedRun Run(string precision, WeightKind weights) =>
        new(PrecisionCases.Options("Keras Adamax", precision), weights, GradientKind.Float32, Lengths);
}
