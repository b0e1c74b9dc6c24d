using System.Diagnostics;
using System.Globalization;
using NativeAdamax.Checkpoints;
using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Architecture;
using NativeAdamax.Tests.Engine;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>
/// Real files with something changed: what comes of them is arrays or a refusal, in memory that the file's length
/// bounds. NATIVE_ADAMAX_FUZZ=600 goes on for ten minutes with each reader, with files of its own; what fails is kept
/// in artifacts/fuzz/, to be put into tests/corpus/interchange.
/// </summary>
[Trait("Category", "Once")]
public sealed class InterchangeFuzzTests
{
    private const int Files = 1500;

    private static readonly Dictionary<string, (string[] Files, Action<byte[]> Read)> Readers = new()
    {
        ["npy"] = (["adamax/param_2.npy", "adamax/param_3.npy", "adamax/state_0_step.npy", "corpus/objects.npy"],
            file => NumPyFile.Read(new MemoryStream(file))),
        ["npz"] = (["made.npz", "corpus/bomb.npz"], file =>
            NumPyArchive.Read(new MemoryStream(file), verifyChecksums: false)),
        ["tensors"] = (["kinds/tensors.pt", "adamax/params_step10.pt", "corpus/eval.pt"],
            file => PyTorchFile.ReadTensors(new MemoryStream(file), verifyChecksums: false)),
        ["state"] = ([Saved.Optimizer, "corpus/os_system.pt"], Load),
        ["training"] = (["kinds/training.pt", "corpus/whole_module.pt"],
            file => PyTorchFile.ReadStateDict(new MemoryStream(file), "optimizer", verifyChecksums: false)),
    };

    private static int Seconds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("NATIVE_ADAMAX_FUZZ"), CultureInfo.InvariantCulture, out int n)
            ? n : 0;

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AChangedFileIsReadOrRefusedAndNothingElse(string name)
    {
        (string[] files, Action<byte[]> read) = Readers[name];
        Mutator mutator = new(Seconds > 0 ? Environment.ProcessId : name.Length * 7919 + name[0],
            [.. files.Select(Seed)]);
        int refused = 0, total = 0;
        for (Stopwatch watch = Stopwatch.StartNew(); total < Files || watch.Elapsed.TotalSeconds < Seconds; total++)
        {
            if (IsRefused(read, mutator.Next(), $"{name}-{total}"))
                refused++;
        }

        // Neither readers that take everything nor changes that hit nothing would find anything.
        Assert.InRange(refused, total / 4, total - 1);
    }

    /// <summary>What once went wrong, or could: it stays right.</summary>
    [Fact]
    public void TheKeptCorpusIsReadOrRefused()
    {
        string[] corpus = Directory.GetFiles(Saved.Corpus(""));
        Assert.NotEmpty(corpus);
        foreach (string path in corpus)
        {
            foreach ((string name, (_, Action<byte[]> read)) in Readers)
                IsRefused(read, File.ReadAllBytes(path), $"{Path.GetFileName(path)} as {name}");
        }
    }

    /// <summary>Also into an optimizer, which has it whole or not at all.</summary>
    private static void Load(byte[] file)
    {
        StateDict saved = PyTorchFile.ReadStateDict(new MemoryStream(file), verifyChecksums: false);
        Parameter[] parameters = [.. ((int[])[1, 7, 33, 1000]).Select(length => Parameter.Create(length))];
        using TorchOptimizer torch = new(parameters, new AdamaxOptions());
        Make.Snapshot before = Make.Snap(torch.Inner);
        OptimizerOptions options = torch.ParamGroups[0].Options;
        try
        {
            torch.LoadStateDict(saved);
        }
        catch (ArgumentException)
        {
            before.AssertUnchanged(torch.Inner);
            Assert.Same(options, torch.ParamGroups[0].Options);
        }
        finally
        {
            foreach (Parameter parameter in parameters)
                parameter.Dispose();
        }
    }

    private static bool IsRefused(Action<byte[]> read, byte[] file, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(file);
            return false;
        }
        catch (CheckpointFormatException)
        {
            return true;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}, kept as {Keep(file, what)}: {e}");
            return false;
        }
        finally
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > (1 << 19) + (64L * file.Length))
                Assert.Fail($"{what}, kept as {Keep(file, what)}: {allocated} bytes allocated for {file.Length}");
        }
    }

    private static string Keep(byte[] file, string what)
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "fuzz");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, what);
        File.WriteAllBytes(path, file);
        return path;
    }

    private static byte[] Seed(string name)
    {
        if (name != "made.npz")
            return Saved.Bytes(name);
        MemoryStream stream = new();
        NumPyArchive.Write(stream,
            [new("arr_0", PlainArray.Of([1L], [])), new("arr_1", PlainArray.Of([1f, 2, 3, 4], [2, 2]))]);
        return stream.ToArray();
    }
}
