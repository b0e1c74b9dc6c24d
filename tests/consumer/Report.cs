namespace NativeAdamax.Consumer.Tests;

/// <summary>What the program printed of itself.</summary>
internal sealed record Report(string Backend, string Isa, string File, string Reason, string Hash)
{
    private static readonly string[] InstructionSets = ["Portable", "Avx2", "Avx512", "Neon"];

    public static Report Of(Command command)
    {
        Dictionary<string, string> lines = command.Succeeded().Output
            .Split('\n')
            .Select(line => line.TrimEnd('\r').Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal("True", lines["learned"]);
        return new Report(lines["backend"], lines["isa"], lines["file"], lines["reason"], lines["hash"]);
    }

    /// <summary>The native kernels of an instruction set ran, and the weights are the same bits.</summary>
    public void AssertNative(string hash)
    {
        Assert.Equal("Native", Backend);
        Assert.Contains(Isa, InstructionSets);
        Assert.Empty(Reason);
        Assert.Equal(hash, Hash);
    }

    /// <summary>The managed kernels stood in, said why, and the weights are the same bits.</summary>
    public void AssertFellBack(string hash)
    {
        Assert.Equal("Managed", Backend);
        Assert.Empty(File);
        Assert.StartsWith("The native library was not found: no ", Reason, StringComparison.Ordinal);
        Assert.Equal(hash, Hash);
    }
}
