using System.Globalization;
using NativeAdamax.Checkpoints;
using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>
/// Real files with something changed: what comes of them is arrays or a refusal, in memory that the file's length bounds.
/// NATIVE_ADAMAX_FUZZ sets the number of files for each reader; what fails is kept in artifacts/fuzz/.
/// </summary>
public sealed class InterchangeFuzzTests
{
    private static readonly Dictionary<string, (string[] Files, Action<byte[]> Read)> Readers = new()
    {
        ["npy"] = (["adamax/param_2.npy", "adamax/param_3.npy", "adamax/state_0_step.npy", "hostile/objects.npy"],
            file => NumPyFile.Read(new MemoryStream(file))),
        ["npz"] = (["made.npz", "hostile/bomb.npz"], file => NumPyArchive.Read(new MemoryStream(file), verifyChecksums: false)),
        ["tensors"] = (["kinds/tensors.pt", "adamax/params_step10.pt", "hostile/eval.pt"],
            file => PyTorchFile.ReadTensors(new MemoryStream(file), verifyChecksums: false)),
        ["state"] = ([Saved.Optimizer, "hostile/os_system.pt"],
            file => PyTorchFile.ReadStateDict(new MemoryStream(file), verifyChecksums: false)),
        ["training"] = (["kinds/training.pt", "hostile/whole_module.pt"],
            file => PyTorchFile.ReadStateDict(new MemoryStream(file), "optimizer", verifyChecksums: false)),
    };

    private static int Rounds { get; } = int.Parse(
        Environment.GetEnvironmentVariable("NATIVE_ADAMAX_FUZZ") ?? "1500", CultureInfo.InvariantCulture);

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AChangedFileIsReadOrRefusedAndNothingElse(string name)
    {
        (string[] files, Action<byte[]> read) = Readers[name];
        Mutator mutator = new(name.Length * 7919 + name[0], [.. files.Select(Seed)]);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] file = mutator.Next();
            if (IsRefused(read, file, $"{name}-{round}"))
                refused++;
        }

        // Neither readers that take everything nor changes that hit nothing would find anything.
        Assert.InRange(refused, Rounds / 4, Rounds - 1);
    }

    /// <summary>What once went wrong, or could: it stays right.</summary>
    [Fact]
    public void TheKeptCorpusIsReadOrRefused()
    {
        string[] corpus = Directory.GetFiles(Path.Combine(Repository.Root, "tests", "goldens", "torch_saved", "hostile"));
        Assert.NotEmpty(corpus);
        foreach (string path in corpus)
        {
            foreach ((string name, (_, Action<byte[]> read)) in Readers)
                IsRefused(read, File.ReadAllBytes(path), $"{Path.GetFileName(path)} as {name}");
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
                Assert.Fail($"{what}, kept as {Keep(file, what)}: {allocated} bytes allocated for a file of {file.Length}");
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
        NumPyArchive.Write(stream, [new("arr_0", PlainArray.Of([1L], [])), new("arr_1", PlainArray.Of([1f, 2, 3, 4], [2, 2]))]);
        return stream.ToArray();
    }
}
