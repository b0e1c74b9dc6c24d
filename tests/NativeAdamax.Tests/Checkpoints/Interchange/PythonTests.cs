using NativeAdamax.Checkpoints;
using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>There and back: the script of docs/python, NumPy and PyTorch themselves.</summary>
[Trait("Category", "Once")]
public sealed class PythonTests
{
    private static readonly Dictionary<string, (string Torch, OptimizerOptions Options)> Kinds = new()
    {
        ["Adamax"] = ("Adamax(p, lr=0.03, weight_decay=0.1)", new AdamaxOptions { WeightDecay = 0.1 }),
        ["Adam"] = ("Adam(p, lr=0.03, betas=(0.8, 0.99))", new AdamOptions { Beta1 = 0.8, Beta2 = 0.99 }),
        ["AMSGrad"] = ("Adam(p, lr=0.03, amsgrad=True)", new AdamOptions { AmsGrad = true }),
        ["AdamW"] = ("AdamW(p, lr=0.03, weight_decay=0.2)", new AdamWOptions { WeightDecay = 0.2 }),
        ["NAdam"] = ("NAdam(p, lr=0.03, foreach=True)", new NadamOptions()),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void PyTorchGoesOnFromACheckpointAndWeFromWhatItSaves(string name)
    {
        using TemporaryFolder folder = new();
        (string constructor, OptimizerOptions options) = Kinds[name];
        using Layer layer = new(options with { LearningRate = 0.03 });
        layer.Train(1, 7);
        layer.Torch.Inner.Save(folder.File("run.safetensors"), new SaveOptions
        {
            ShapeOf = p => p == layer.Weight ? [3, 4] : null,
        });
        NumPyArchive.Write(folder.File("gradients.npz"), Enumerable.Range(8, 5).SelectMany(step => layer.Parameters,
            (step, p) => KeyValuePair.Create($"{p.Name}{step}", PlainArray.Of(Layer.Gradient(step, p)))));
        Python.Run(folder.Path, "torch, numpy", $$"""
            import native_adamax, numpy, torch
            model = torch.nn.Linear(4, 3)
            p = model.parameters()
            optimizer = torch.optim.{{constructor}}
            tensors, metadata = native_adamax.read("run.safetensors")
            native_adamax.load_into_torch(tensors, model, optimizer)
            gradients = numpy.load("gradients.npz")
            for step in range(8, 13):
                for name, parameter in model.named_parameters():
                    parameter.grad = torch.from_numpy(gradients[f"{name}{step}"]).reshape(parameter.shape)
                optimizer.step()
            torch.save(optimizer.state_dict(), "state.pt")
            torch.save(model.state_dict(), "model.pt")
            """);
        layer.Train(8, 12);

        IReadOnlyDictionary<string, PlainArray> model = PyTorchFile.ReadTensors(folder.File("model.pt"));
        StateDict state = PyTorchFile.ReadStateDict(folder.File("state.pt"));
        using Layer back = new(options);
        foreach (Parameter parameter in layer.Parameters)
            AssertNear(model[parameter.Name].ToSingles(), parameter.Weights);
        foreach ((Parameter from, Parameter to) in layer.Parameters.Zip(back.Parameters))
            model[from.Name].ToSingles().CopyTo(to.Weights);
        back.Torch.LoadStateDict(state);
        Assert.Equal(12, back.Torch.Inner.StepCount);
        foreach ((Parameter from, Parameter to) in layer.Parameters.Zip(back.Parameters))
        {
            ParameterState ours = layer.Torch.Inner.State(from), theirs = back.Torch.Inner.State(to);
            AssertNear(theirs.FirstMoment, ours.FirstMoment);
            AssertNear(theirs.SecondMoment, ours.SecondMoment);
            AssertNear(theirs.MaxSecondMoment, ours.MaxSecondMoment);
            Assert.Equal(theirs.MomentumProduct, ours.MomentumProduct, 1e-6);
        }

        layer.Train(13, 20);
        back.Train(13, 20);
        foreach ((Parameter from, Parameter to) in layer.Parameters.Zip(back.Parameters))
            AssertNear(to.Weights, from.Weights);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void TheScriptListsACheckpointAsKerasDoes(string name)
    {
        using TemporaryFolder folder = new();
        OptimizerOptions options = Kinds[name].Options with
        {
            LearningRate = 0.03,
            Ema = new EmaOptions(),
            AccumulationSteps = name == "Adam" ? 2 : null,
        };
        using Layer layer = new(options);
        layer.Train(1, 7);
        layer.Torch.Inner.Save(folder.File("run.safetensors"));
        KerasState.Write(layer.Torch.Inner, folder.File("ours.npz"));
        Python.Run(folder.Path, "numpy", """
            import native_adamax, numpy

            class Variable:
                def __init__(self, name, shape):
                    self.name, self.shape, self.value = name, shape, numpy.zeros(shape, numpy.float32)

                def assign(self, value):
                    assert numpy.shape(value) == self.shape, self.name
                    self.value = numpy.array(value, self.value.dtype)

            ours = numpy.load("ours.npz")
            listed = [ours[f"arr_{i}"] for i in range(len(ours.files))]

            class Optimizer:
                variables = [Variable("iteration", ()), Variable("learning_rate", ())]
                variables += [Variable(f"v{i}", {12: (3, 4), 3: (3,), 1: ()}[v.size]) for i, v in enumerate(listed[2:])]

            model = [Variable("weight", (3, 4)), Variable("bias", (3,))]
            tensors, metadata = native_adamax.read("run.safetensors")
            native_adamax.load_into_keras(tensors, metadata, ["weight", "bias"], model, Optimizer)
            Optimizer.variables[1].assign(listed[1])
            assert model[0].value.any() and model[1].value.any()
            numpy.savez("back.npz", *[v.value for v in Optimizer.variables])
            numpy.savez("model.npz", *[v.value for v in model])
            """);

        IReadOnlyDictionary<string, PlainArray> ours = NumPyArchive.Read(folder.File("ours.npz"));
        IReadOnlyDictionary<string, PlainArray> theirs = NumPyArchive.Read(folder.File("back.npz"));
        Assert.Equal(ours.Keys, theirs.Keys);
        foreach ((string key, PlainArray array) in ours)
            Assert.Equal(array.ToSingles(), theirs[key].ToSingles());
        Assert.Equal(layer.Weight.Weights.ToArray(), NumPyArchive.Read(folder.File("model.npz"))["arr_0"].ToSingles());
    }

    [SkippableFact]
    public void NumPyReadsWhatWeWriteAndWeWhatItWrites()
    {
        using TemporaryFolder folder = new();
        NumPyFile.Write(folder.File("a.npy"), PlainArray.Of([1.5f, -2, float.PositiveInfinity], [3, 1]));
        NumPyArchive.Write(folder.File("b.npz"),
            [new("x/y", PlainArray.Of([1L << 40], [])), new("z", PlainArray.Of([0.1, 0.2]))]);
        string printed = Python.Run(folder.Path, "numpy", """
            import numpy
            a, b = numpy.load("a.npy"), numpy.load("b.npz")
            print(a.dtype, a.shape, a.tolist())
            print(b.files, b["x/y"].dtype, b["x/y"].shape, int(b["x/y"]), b["z"].tolist())
            numpy.save("c.npy", numpy.arange(-3, 3, dtype=numpy.int32).reshape(2, 1, 3))
            numpy.savez("d.npz", a.T, k=numpy.float64(0.1))
            numpy.savez_compressed("e.npz", a)
            numpy.save("f.npy", numpy.asfortranarray(numpy.ones((2, 3), numpy.float32)))
            numpy.save("g.npy", numpy.ones(2, ">f4"))
            """);
        Assert.Equal(
            "float32 (3, 1) [[1.5], [-2.0], [inf]]\n['x/y', 'z'] int64 () 1099511627776 [0.1, 0.2]\n", printed);
        PlainArray c = NumPyFile.Read(folder.File("c.npy"));
        Assert.Equal([2L, 1, 3], c.Shape);
        Assert.Equal([-3, -2, -1, 0, 1, 2], c.Values<int>().ToArray());
        IReadOnlyDictionary<string, PlainArray> d = NumPyArchive.Read(folder.File("d.npz"));
        Assert.Equal(0.1, d["k"].ToNumber());
        Assert.Equal([1L, 3], d["arr_0"].Shape);
        Assert.Contains("compressed", Saved.Refusal(() => NumPyArchive.Read(folder.File("e.npz"))),
            StringComparison.Ordinal);
        Assert.Contains("Fortran", Saved.Refusal(() => NumPyFile.Read(folder.File("f.npy"))), StringComparison.Ordinal);
        Assert.Contains("'>f4'", Saved.Refusal(() => NumPyFile.Read(folder.File("g.npy"))), StringComparison.Ordinal);
    }

    /// <summary>PyTorch's single steps and ours differ by their roundings.</summary>
    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 3e-6 * Math.Max(0.1, Math.Abs(expected[i])));
    }

    /// <summary>The parameters of torch.nn.Linear(4, 3).</summary>
    private sealed class Layer : IDisposable
    {
        public Layer(OptimizerOptions options) => Torch = new TorchOptimizer(Parameters, options);

        public Parameter Weight => Parameters[0];

        public Parameter[] Parameters { get; } =
            [Parameter.Create(Training.Numbers(1, 12), "weight"), Parameter.Create(Training.Numbers(2, 3), "bias")];

        public TorchOptimizer Torch { get; }

        public static float[] Gradient(int step, Parameter parameter) =>
            Training.Numbers((uint)(step + (100 * parameter.Length)), (int)parameter.Length);

        public void Train(int from, int to)
        {
            for (int step = from; step <= to; step++)
            {
                foreach (Parameter parameter in Parameters)
                    parameter.CopyGradient(Gradient(step, parameter));
                Torch.Step();
            }
        }

        public void Dispose()
        {
            Torch.Dispose();
            foreach (Parameter parameter in Parameters)
                parameter.Dispose();
        }
    }
}
