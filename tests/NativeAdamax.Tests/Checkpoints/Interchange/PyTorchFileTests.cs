using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Goldens;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

public sealed class PyTorchFileTests
{
    [Fact]
    public void TheStateOfARealFileIsWhatPyTorchHad()
    {
        StateDict saved = PyTorchFile.ReadStateDict(Saved.Path(Saved.Optimizer));
        Assert.Equal([0, 1, 2, 3], saved.State.Keys);
        foreach ((int number, IReadOnlyDictionary<string, object?> state) in saved.State)
        {
            Assert.Equal(["step", "exp_avg", "exp_inf"], state.Keys);
            Assert.Equal(10.0, state["step"]);
            foreach (string key in (string[])["exp_avg", "exp_inf"])
                Bits.AssertEqual(NpyFile.Read($"torch_saved/adamax/state_{number}_{key}.npy"), (float[])state[key]!,
                    key);
        }

        IReadOnlyDictionary<string, object?> group = Assert.Single(saved.ParamGroups);
        Assert.Equal(["lr", "betas", "eps", "weight_decay", "foreach", "maximize", "params"], group.Keys);
        Assert.Equal([0.9, 0.999], (double[])group["betas"]!);
        Assert.Equal([0, 1, 2, 3], (int[])group["params"]!);
        Assert.Equal((0.01, 1e-8, 0.01, null, false),
            (group["lr"], group["eps"], group["weight_decay"], group["foreach"], group["maximize"]));
    }

    [Fact]
    public void TheWeightsOfARealFileAreWhatPyTorchHad()
    {
        IReadOnlyDictionary<string, PlainArray> weights = PyTorchFile.ReadTensors(Saved.Path(Saved.Weights));
        Assert.Equal(["bias_a", "bias_b", "kernel_a", "kernel_b"], weights.Keys);
        Assert.Equal([3L, 11], weights["kernel_a"].Shape);
        foreach ((PlainArray array, int k) in weights.Values.Select((a, k) => (a, k)))
            Bits.AssertEqual(NpyFile.Read($"torch_saved/adamax/param_{k}.npy"), array.Values<float>(), $"{k}");
    }

    [Fact]
    public void EveryTypeAndEveryViewIsRead()
    {
        IReadOnlyDictionary<string, PlainArray> tensors = PyTorchFile.ReadTensors(Saved.Path("kinds/tensors.pt"));
        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], tensors["float"].Values<float>().ToArray());
        Assert.Equal([0.1, -2.5], tensors["double"].Values<double>().ToArray());
        Assert.Equal([-7, int.MaxValue], tensors["int"].Values<int>().ToArray());
        Assert.Equal([1L << 40], tensors["long"].Values<long>().ToArray());
        Assert.Empty(tensors["long"].Shape);
        Assert.Equal([1.5f, (float)(Half)(-0.1), 65504, MathF.Pow(2, -24)], tensors["half"].Values<float>().ToArray());
        Assert.Equal([1.5f, BitConverter.UInt32BitsToSingle(0xFF620000), 0.10009765625f],
            tensors["bfloat16"].Values<float>().ToArray());
        Assert.Equal([0f, 3, 1, 4, 2, 5], tensors["transposed"].Values<float>().ToArray());
        Assert.Equal([3L, 2], tensors["transposed"].Shape);
        Assert.Equal([6f, 7, 8], tensors["slice"].Values<float>().ToArray());
        Assert.Equal([1f, 6, 11], tensors["strided"].Values<float>().ToArray());
        Assert.Equal([0L, 4], tensors["empty"].Shape);
        Assert.Same(tensors["tied"], tensors["tied too"]);
        Assert.Equal([0.25f, -4], tensors["parameter"].Values<float>().ToArray());
    }

    [Fact]
    public void AFileOfAWholeTrainingIsReadByItsKeys()
    {
        string path = Saved.Path("kinds/training.pt");
        StateDict optimizer = PyTorchFile.ReadStateDict(path, "optimizer");
        IReadOnlyDictionary<string, PlainArray> model = PyTorchFile.ReadTensors(path, "model");
        Assert.Equal([3L], model["1.num_batches_tracked"].Values<long>().ToArray());
        Parameter[] parameters =
            [.. ((string[])["0.weight", "0.bias", "1.weight", "1.bias"]).Select(n =>
                Parameter.Create(model[n].Values<float>(), n))];
        using TorchOptimizer torch = new(parameters, new NadamOptions());
        torch.LoadStateDict(optimizer);
        Assert.Equal((0.25, 3), (torch.ParamGroups[0].Lr, torch.Inner.StepCount));
        Assert.InRange(torch.Inner.State(parameters[0]).MomentumProduct, 0.09, 0.1);
        Assert.Contains("no dictionary with the key 'scheduler'",
            Saved.Refusal(() => PyTorchFile.ReadTensors(path, "scheduler")),
            StringComparison.Ordinal);
        Assert.Contains("It is no dictionary", Saved.Refusal(() => PyTorchFile.ReadTensors(path, "note")),
            StringComparison.Ordinal);
        Assert.Contains("'epoch' is no tensor", Saved.Refusal(() => PyTorchFile.ReadTensors(path)),
            StringComparison.Ordinal);
        Assert.Contains("no state_dict of an optimizer", Saved.Refusal(() => PyTorchFile.ReadStateDict(path)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AStreamIsReadFromWhereItIs()
    {
        using MemoryStream stream = new([1, 2, 3, .. Saved.Bytes(Saved.Optimizer)]);
        stream.Position = 3;
        Assert.Equal(4, PyTorchFile.ReadStateDict(stream).State.Count);
    }

    [Fact]
    public void AFileThatIsCutAnywhereIsRefused()
    {
        byte[] whole = Saved.Bytes(Saved.Optimizer);
        for (int length = 0; length < whole.Length; length++)
            Saved.Refusal(() => PyTorchFile.ReadStateDict(new MemoryStream(whole[..length])));
    }

    [Fact]
    public void APickleThatIsCutAnywhereIsRefused()
    {
        (string Name, byte[] Bytes)[] entries = Zip.Entries(Saved.Bytes(Saved.Optimizer));
        int at = Array.FindIndex(entries, e => e.Name.EndsWith("/data.pkl", StringComparison.Ordinal));
        byte[] whole = entries[at].Bytes;
        for (int length = 0; length < whole.Length; length++)
        {
            entries[at].Bytes = whole[..length];
            byte[] file = Zip.Of(entries);
            string message = Saved.Refusal(() => PyTorchFile.ReadStateDict(new MemoryStream(file)));
            Assert.Contains("data.pkl", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AFlippedBitOfATensorIsNoticed()
    {
        byte[] file = Saved.Bytes(Saved.Optimizer);
        file[6000] ^= 4;
        Assert.Contains("has the checksum", Saved.Refusal(() => PyTorchFile.ReadStateDict(new MemoryStream(file))),
            StringComparison.Ordinal);
        Assert.Equal(4, PyTorchFile.ReadStateDict(new MemoryStream(file), verifyChecksums: false).State.Count);
    }

    [Theory]
    [InlineData("adamax/optimizer_state_step10_legacy.pt", "format of before PyTorch 1.6")]
    [InlineData("corpus/os_system.pt", "The name posix.system is not allowed")]
    [InlineData("corpus/eval.pt", "The name __builtin__.eval is not allowed")]
    [InlineData("corpus/whole_module.pt", "The name torch.nn.modules.container.Sequential is not allowed")]
    [InlineData("adamax/params_step10.pt", "no state_dict of an optimizer")]
    [InlineData("adamax/param_0.npy", "")]
    public void AnotherFileIsRefusedByName(string name, string words) =>
        Assert.Contains(words, Saved.Refusal(() => PyTorchFile.ReadStateDict(Saved.Path(name))),
            StringComparison.Ordinal);
}
