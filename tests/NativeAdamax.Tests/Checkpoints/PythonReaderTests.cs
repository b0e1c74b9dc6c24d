using System.Runtime.InteropServices;
using System.Text.Json;
using NativeAdamax.Checkpoints;
using NativeAdamax.Scaling;
using NativeAdamax.Tests.Checkpoints.Interchange;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>A reader that shares no line with this library finds in a checkpoint what the optimizer has.</summary>
[Trait("Category", "Once")]
public sealed class PythonReaderTests
{
    [SkippableFact]
    public void AnIndependentReaderFindsEveryTensorAndNumber()
    {
        NadamOptions options = new()
        {
            LearningRate = 1.0 / 3,
            ClipPercentile = 30,
            Epsilon = 1e-7,
            AccumulationSteps = 2,
            Ema = new EmaOptions { Momentum = 0.875 },
            LossScale = LossScale.Dynamic(Dialect.Keras),
        };
        using TemporaryFolder folder = new();
        using Run run = new Run(options, [6, 1, 0]).Call(5);
        string file = folder.File("a.safetensors");
        run.Optimizer.Save(file, new SaveOptions
        {
            ShapeOf = p => p.Length == 6 ? [3, 2] : null,
            Metadata = new Dictionary<string, string> { ["note"] = "ünï \"x\"" },
        });
        JsonElement read = Read(folder, file);
        JsonElement tensors = read.GetProperty("tensors");
        Assert.Equal(3 * 7 + 2, tensors.EnumerateObject().Count() - 1);
        for (int i = 0; i < 3; i++)
        {
            Parameter w = run.Parameters[i];
            ParameterState state = run.Optimizer.State(w);
            AssertTensor(tensors, w.Name, MemoryMarshal.AsBytes(w.Weights));
            AssertTensor(tensors, $"{w.Name}.exp_avg", MemoryMarshal.AsBytes(state.FirstMoment));
            AssertTensor(tensors, $"{w.Name}.exp_avg_sq", MemoryMarshal.AsBytes(state.SecondMoment));
            AssertTensor(tensors, $"{w.Name}.average", MemoryMarshal.AsBytes(state.Average));
            AssertTensor(tensors, $"{w.Name}.gradient_sum", MemoryMarshal.AsBytes(state.GradientSum));
            AssertTensor(tensors, $"{w.Name}.step", BitConverter.GetBytes(state.UpdateCount));
            AssertTensor(tensors, $"{w.Name}.mu_product", BitConverter.GetBytes(state.MomentumProduct));
            Assert.Equal("<f8", tensors.GetProperty($"{w.Name}.gnorm_vec").GetProperty("dtype").GetString());
        }

        Assert.Equal("[3, 2]", tensors.GetProperty("w0").GetProperty("shape").GetRawText());
        Assert.Equal("[]", tensors.GetProperty("w0.step").GetProperty("shape").GetRawText());
        Assert.Equal("ünï \"x\"", read.GetProperty("metadata").GetProperty("note").GetString());
        JsonElement saved = read.GetProperty("run");
        Assert.Equal("Nadam", saved.GetProperty("optimizer").GetString());
        Assert.Equal(1.0 / 3, saved.GetProperty("options").GetProperty("learning_rate").GetDouble());
        Assert.Equal(1e-7, saved.GetProperty("groups")[0].GetProperty("options").GetProperty("epsilon").GetDouble());
        Assert.Equal(2, saved.GetProperty("counts").GetProperty("step_count").GetInt64());
        Assert.Equal(1, saved.GetProperty("counts").GetProperty("calls_of_update").GetInt64());
        Assert.Equal(32768, saved.GetProperty("loss_scale").GetProperty("scale").GetDouble());
        Assert.Equal(0.875, saved.GetProperty("average").GetProperty("momentum").GetDouble());
    }

    private static void AssertTensor(JsonElement tensors, string name, ReadOnlySpan<byte> bytes) =>
        Assert.Equal(Convert.ToHexStringLower(bytes), tensors.GetProperty(name).GetProperty("bytes").GetString());

    private static JsonElement Read(TemporaryFolder folder, string file)
    {
        string scripts = Path.Combine(AppContext.BaseDirectory, "Checkpoints");
        string program = $"import sys; sys.path.append({Quote(scripts)}); import read_checkpoint; read_checkpoint.main({Quote(file)})";
        return JsonDocument.Parse(Python.Run(folder.Path, "numpy", program)).RootElement;
    }

    private static string Quote(string path) => $"r'{path}'";
}
