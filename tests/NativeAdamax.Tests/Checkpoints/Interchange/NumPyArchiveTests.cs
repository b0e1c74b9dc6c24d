using System.IO.Compression;
using NativeAdamax.Checkpoints.Interchange;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

public sealed class NumPyArchiveTests
{
    private static readonly byte[] Array = Saved.Bytes("adamax/param_1.npy");

    private static readonly Dictionary<string, (string Words, byte[] File)> Wrong = new()
    {
        ["no zip"] = ("", Array),
        ["nothing"] = ("", []),
        ["another entry"] = ("The entry 'notes.txt' is no .npy file",
            Zip.Of(("a.npy", Array), ("notes.txt", [1, 2, 3]))),
        ["twice"] = ("'a.npy' is there twice", Zip.Of(("a.npy", Array), ("a.npy", Array))),
        ["compressed"] = ("'a.npy' is compressed", Zip.Of(CompressionLevel.Fastest, ("a.npy", new byte[1000]))),
        ["encrypted"] = ("'a.npy' is encrypted", Changed(Zip.Of(("a.npy", Array)), "PK\u0001\u0002"u8, 8, 1)),
        ["damaged"] = ("'a.npy' has the checksum", Changed(Zip.Of(("a.npy", Array)), Array, Array.Length - 1, 0xFF)),
        ["array"] = ("a.npy: The elements should take", Zip.Of(("a.npy", Array[..^1]))),
        ["directory beyond the file"] = ("claim more bytes than the", Claiming(0x7FFFFFF0)),
        ["no directory"] = ("", Zip.Of(("a.npy", Array))[..^22]),
    };

    public static TheoryData<string> WrongNames => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(WrongNames))]
    public void WhatIsNotReadIsRefusedByName(string name) => Assert.Contains(
        Wrong[name].Words, Saved.Refusal(() => NumPyArchive.Read(new MemoryStream(Wrong[name].File))),
            StringComparison.Ordinal);

    [Fact]
    public void ABombIsRefusedBeforeAnythingIsUnpacked()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("is compressed", Saved.Refusal(() => NumPyArchive.Read(Saved.Corpus("bomb.npz"))),
            StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void ArraysComeBackInTheirOrderAndTheSameBytesEachTime()
    {
        KeyValuePair<string, PlainArray>[] arrays =
        [
            new("z", PlainArray.Of([1.5f, 2], [1, 2])), new("a/b.c", PlainArray.Of([7L], [])),
                new("", PlainArray.Of(new double[3])),
        ];
        MemoryStream first = new(), second = new();
        NumPyArchive.Write(first, arrays);
        NumPyArchive.Write(second, arrays);
        Assert.Equal(first.ToArray(), second.ToArray());
        first.Position = 0;
        IReadOnlyDictionary<string, PlainArray> back = NumPyArchive.Read(first);
        Assert.Equal(arrays.Select(a => a.Key), back.Keys);
        Assert.Equal([1.5f, 2], back["z"].Values<float>().ToArray());
        Assert.Equal([1L, 2], back["z"].Shape);
        Assert.Equal(7, back["a/b.c"].Values<long>()[0]);
        Assert.Empty(back["a/b.c"].Shape);
    }

    [Fact]
    public void ChecksumsAreComparedUnlessToldNotTo()
    {
        byte[] damaged = Wrong["damaged"].File;
        PlainArray array = NumPyArchive.Read(new MemoryStream(damaged), verifyChecksums: false)["a"];
        Assert.Equal(7, array.Length);
    }

    [Fact]
    public void NamesThatAreThereTwiceAreNotWritten()
    {
        PlainArray one = PlainArray.Of([1f]);
        MemoryStream stream = new();
        Assert.Throws<ArgumentException>(() => NumPyArchive.Write(stream, [new("a", one), new("a", one)]));
        Assert.Throws<ArgumentNullException>(() => NumPyArchive.Write(stream, [new("a", null!)]));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void AFileThatIsCutAnywhereIsRefused()
    {
        byte[] whole = Zip.Of(("a.npy", Array), ("b.npy", Array));
        for (int length = 0; length < whole.Length; length++)
            Saved.Refusal(() => NumPyArchive.Read(new MemoryStream(whole[..length])));
    }

    /// <summary>With a byte changed, so far behind a run of bytes.</summary>
    private static byte[] Changed(byte[] file, ReadOnlySpan<byte> run, int offset, byte change)
    {
        byte[] changed = [.. file];
        changed[file.AsSpan().IndexOf(run) + offset] ^= change;
        return changed;
    }

    /// <summary>With so many bytes promised by the directory.</summary>
    private static byte[] Claiming(uint length)
    {
        byte[] file = Zip.Of(("a.npy", Array));
        int at = file.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(length).CopyTo(file, at + 20);
        BitConverter.GetBytes(length).CopyTo(file, at + 24);
        return file;
    }
}
