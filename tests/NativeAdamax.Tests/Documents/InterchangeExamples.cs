using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Checkpoints;
using NativeAdamax.Tests.Checkpoints.Interchange;
using NativeAdamax.Tests.Engine;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/interchange.md, in a folder with the files that it names.</summary>
[Collection(Alone.Name)]
public sealed class InterchangeExamples : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    public InterchangeExamples() => Environment.CurrentDirectory = _folder.Path;

    [Fact]
    public void FromPyTorch()
    {
        File.Copy(Saved.Path(Saved.Weights), "model.pt");
        File.Copy(Saved.Path(Saved.Optimizer), "adamax.pt");

        IReadOnlyDictionary<string, PlainArray> model = PyTorchFile.ReadTensors("model.pt");
        Parameter[] parameters = [.. model.Select(t => Parameter.Create(t.Value.Values<float>(), t.Key))];
        using var optimizer = new TorchOptimizer(parameters, new AdamaxOptions());
        optimizer.LoadStateDict(PyTorchFile.ReadStateDict("adamax.pt"));

        Assert.Equal(10, optimizer.Inner.StepCount);
        Assert.Equal(0.01, optimizer.ParamGroups[0].Lr);
    }

    [Fact]
    public void FromKeras()
    {
        using var kernel = Parameter.Create([1f, 2, 3]);
        using var optimizer = new Adamax([kernel]);
        NumPyArchive.Write("adamax.npz",
        [
            new("arr_0", PlainArray.Of([7], [])), new("arr_1", PlainArray.Of([0.5f], [])),
            new("arr_2", PlainArray.Of([1f, 2, 3], [3, 1])), new("arr_3", PlainArray.Of([4f, 5, 6], [3, 1])),
        ]);

        KerasState.Read(optimizer, "adamax.npz");
        KerasState.Write(optimizer, "back.npz");

        Assert.Equal((7, 0.5), (optimizer.StepCount, optimizer.LearningRate));
        Assert.Equal([4, 5, 6], NumPyArchive.Read("back.npz")["arr_3"].ToSingles());
    }

    [Fact]
    public void ACheckpoint()
    {
        using var weight = Parameter.Create(new float[12], "weight");
        using var bias = Parameter.Create(new float[3], "bias");
        AdamaxOptions options = new() { Dialect = Dialect.PyTorch, LearningRate = 0.01 };
        using var optimizer = new Adamax([weight, bias], options);
        optimizer.Save("run.safetensors");

        Assert.Equal(["run.safetensors"], _folder.Names);
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }
}
