using NativeAdamax.Tests.Goldens;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>The files of tests/goldens/torch_saved and of tests/corpus/interchange.</summary>
internal static class Saved
{
    public const string Optimizer = "adamax/optimizer_state_step10.pt";
    public const string Weights = "adamax/params_step10.pt";

    private const string OfCorpus = "corpus/";

    /// <summary>"corpus/" stands for tests/corpus/interchange.</summary>
    public static string Path(string name) => name.StartsWith(OfCorpus, StringComparison.Ordinal)
        ? Corpus(name[OfCorpus.Length..])
        : System.IO.Path.Combine(GoldenTrajectory.Folder(), "torch_saved", name);

    public static string Corpus(string name) =>
        System.IO.Path.Combine(AppContext.BaseDirectory, "corpus", "interchange", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    /// <summary>What a reader says of a file that it must refuse.</summary>
    public static string Refusal(Action read) =>
        Assert.Throws<NativeAdamax.Checkpoints.CheckpointFormatException>(read).Message;
}
