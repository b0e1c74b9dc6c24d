using System.Globalization;
using System.Text.Json;

namespace NativeAdamax.Tests.Goldens;

/// <summary>The loader and the generator, against the control values in the files themselves.</summary>
public sealed class GoldenFileTests
{
    public static TheoryData<string> Names => [.. GoldenTrajectory.Names()];

    [Fact]
    public void EverySystemAndEveryDefaultIsThere()
    {
        string[] required =
        [
            "keras/adam_default", "keras/adam_amsgrad_default", "keras/adamax_default", "keras/adamw_default",
            "keras/nadam_default", "tf_keras/adam_default", "tf_keras/adamax_default", "mxnet/adam_default",
            "mxnet/adamax_default", "optax/adam_default", "optax/amsgrad_default", "optax/adamax_default",
            "optax/adamw_default", "optax/nadam_default", "torch/adam_default", "torch/adam_amsgrad_default",
            "torch/adamax_default", "torch/adamw_default", "torch/nadam_default",
        ];
        Assert.Empty(required.Except(GoldenTrajectory.Names()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheGeneratorMeetsTheControlValues(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        JsonElement[] checks = [.. golden.GeneratorCheck.EnumerateArray()];
        Assert.Equal(golden.TensorNames.Length, checks.Length);
        for (int tensor = 0; tensor < checks.Length; tensor++)
        {
            float[] initial = golden.Initial(tensor);
            AssertStarts(checks[tensor], "init_first", initial);
            AssertStarts(checks[tensor], "grad_t1_first", golden.Generator.Gradient(tensor, 1, initial.Length));
            AssertStarts(checks[tensor], "grad_t2_first", golden.Generator.Gradient(tensor, 2, initial.Length));
            float[] last = PackedTensor.ParseBits(checks[tensor].GetProperty("grad_t100_last").GetString()!, 8)
                .Select(x => (float)x).ToArray();
            Assert.Equal(last, golden.Generator.Gradient(tensor, 100, initial.Length)[^last.Length..]);
            string sum = checks[tensor].GetProperty("init_sum").GetString()!;
            Assert.Equal(double.Parse(sum, CultureInfo.InvariantCulture), initial.Sum(x => (double)x), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryCheckpointHasParametersStateAndAYardstick(string name)
    {
        GoldenTrajectory golden = GoldenTrajectory.Load(name);
        Assert.True(golden.Checkpoints.Count >= 3, $"{golden.Checkpoints.Count} checkpoints");
        foreach (GoldenCheckpoint checkpoint in golden.Checkpoints)
        {
            Assert.Equal(golden.Lengths, checkpoint.Parameters.Select(p => p.Count));
            Assert.Contains(StateStream.FirstMoment, checkpoint.State.Keys);
            Assert.Contains(StateStream.SecondMoment, checkpoint.State.Keys);
            if (!golden.IsDouble)
            {
                Assert.True(checkpoint.ParameterDeviation is { } deviation
                    && deviation.MaxAbsolute > 0 == checkpoint.Step >= golden.Settings[0].AccumulationSteps,
                    $"no yardstick at step {checkpoint.Step}");
                Assert.Equal(checkpoint.State.Keys.Order(), checkpoint.StateDeviation.Keys.Order());
            }
        }
    }

    [Fact]
    public void ValuesAreReadFromTheirBits()
    {
        Assert.Equal([1, -2, double.PositiveInfinity], PackedTensor.ParseBits("3f800000c00000007f800000", 8));
        Assert.Equal([0.1], PackedTensor.ParseBits("3fb999999999999a", 16));
        Assert.Throws<FormatException>(() => PackedTensor.ParseBits("3f80000", 8));
    }

    private static void AssertStarts(JsonElement check, string key, float[] actual)
    {
        double[] first = PackedTensor.ParseBits(check.GetProperty(key).GetString()!, 8);
        Assert.NotEmpty(first);
        Assert.Equal(first, actual.Take(first.Length).Select(x => (double)x));
    }
}
