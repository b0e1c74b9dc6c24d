using System.Text;
using NativeAdamax.Checkpoints.Interchange;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

public sealed class NumPyFileTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Saved.Path("adamax"), "*.npy").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileOfNumPysIsReadAndWrittenByteForByte(string name)
    {
        PlainArray array = NumPyFile.Read(Saved.Path($"adamax/{name}"));
        Assert.Equal(ElementType.Single, array.Type);
        Assert.Equal(Goldens.NpyFile.Read($"torch_saved/adamax/{name}"), array.ToSingles());
        MemoryStream written = new();
        NumPyFile.Write(written, array);
        Assert.Equal(Saved.Bytes($"adamax/{name}"), written.ToArray());
    }

    [Fact]
    public void EveryTypeAndShapeComesBack()
    {
        AssertComesBack<float>(PlainArray.Of([1.5f, float.NaN, -0f, float.Epsilon], [2, 2]));
        AssertComesBack<double>(PlainArray.Of([Math.PI], []));
        AssertComesBack<int>(PlainArray.Of([int.MinValue, int.MaxValue, 0], [1, 3, 1]));
        AssertComesBack<long>(PlainArray.Of([long.MinValue, 1]));
        AssertComesBack<float>(PlainArray.Of(Array.Empty<float>(), [0, 7]));
        AssertComesBack<float>(PlainArray.Of(new float[2 << 19], [2 << 19]));
    }

    [Fact]
    public void LaterVersionsAndStreamsThatCannotSeekAreRead()
    {
        foreach (byte version in (byte[])[1, 2, 3])
        {
            Assert.Equal([1, 2], NumPyFile.Read(
                new OneWay(File(Head("<i4", "(2,)"), [1, 0, 0, 0, 2, 0, 0, 0], version))).Values<int>().ToArray());
        }
    }

    [Fact]
    public void TheKeysOfTheHeaderMayStandInAnyOrder() => Assert.Equal([2], NumPyFile.Read(new MemoryStream(
        File("{\"shape\" : ( 2 , ),'descr':\"<i4\",   'fortran_order':False}", new byte[8]))).Shape);

    private static string Head(string type, string shape, string order = "False") =>
        $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}\n";

    private static readonly Dictionary<string, (string Words, byte[] File)> Wrong = new()
    {
        ["another format"] = ("does not begin as a .npy file", Encoding.ASCII.GetBytes("PK\u0003\u0004 and so on")),
        ["version 4"] = ("Version 4.0 is not read", File(Head("<f4", "(2,)"), new byte[8], 4)),
        ["header beyond the file"] = ("longer than the file", [0x93, .. "NUMPY\u0001\0\u00ff\u007f"u8, 0]),
        ["long header"] = ("than 65536", File(Head("<f4", "(2,)") + new string(' ', 70_000), new byte[8], 2)),
        ["header not ASCII"] = ("not ASCII", File(Head("<f4", "(2,)").Replace("d", "\u00e9"), new byte[8])),
        ["big-endian"] = ("type '>f4' are not read", File(Head(">f4", "(2,)"), new byte[8])),
        ["half"] = ("type '<f2' are not read", File(Head("<f2", "(2,)"), new byte[4])),
        ["objects"] = ("type '|O' are not read", File(Head("|O", "(2,)"), new byte[4])),
        ["records"] = ("Records are not read", File(
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", new byte[8])),
        ["Fortran's order"] = ("Fortran's order", File(Head("<f4", "(2, 2)", "True"), new byte[16])),
        ["order"] = ("neither True nor False", File(Head("<f4", "(2, 2)", "None"), new byte[16])),
        ["too few elements"] = ("should take 8 bytes; there are 7", File(Head("<f4", "(2,)"), new byte[7])),
        ["too many elements"] = ("should take 8 bytes; there are 9", File(Head("<f4", "(2,)"), new byte[9])),
        ["a shape of terabytes"] = ("should take 4294967296 bytes", File(Head("<f4", "(1073741824,)"), new byte[8])),
        ["a shape beyond arrays"] = ("more elements than an array can have", File(Head("<f4", "(99999999999,)"), [])),
        ["an overflowing shape"] = ("more elements than an array can have", File(
            Head("<f4", "(4294967296, 4294967296, 4294967296)"), [])),
        ["a length beyond 64 bits"] = ("no whole number below 2^63", File(Head("<f4", "(99999999999999999999,)"), [])),
        ["negative"] = ("no whole number", File(Head("<f4", "(-1,)"), [])),
        ["no tuple"] = ("a number in brackets", File(Head("<f4", "(2)"), new byte[8])),
        ["no comma"] = ("lacks a comma", File(Head("<f4", "(2 2)"), new byte[16])),
        ["65 dimensions"] = ("more than 64 dimensions", File(
            Head("<f4", $"({string.Concat(Enumerable.Repeat("1, ", 65))})"), new byte[4])),
        ["shape missing"] = ("lacks descr, fortran_order or shape",
            File("{'descr': '<f4', 'fortran_order': False}", [])),
        ["a key twice"] = ("has the key 'descr' twice", File("{'descr': '<f4', 'descr': '<f8'}", [])),
        ["an unknown key"] = ("NumPy has no such key", File("{'colour': 'red'}", [])),
        ["a key without quotes"] = ("no string", File("{descr: '<f4'}", [])),
        ["a backslash"] = ("has a backslash", File(@"{'de\'scr': '<f4'}", [])),
        ["no colon"] = ("has no :", File("{'descr' '<f4'}", [])),
        ["no end"] = ("has no string", File("{'descr': '<f4', ", [])),
        ["something behind"] = ("goes on after its dictionary", File(Head("<f4", "(2,)") + "+1", new byte[8])),
        ["code"] = ("Records are not read", File("{'descr': __import__('os').system('true')}", [])),
    };

    public static TheoryData<string> WrongNames => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(WrongNames))]
    public void WhatIsNotReadIsRefusedByName(string name) => Assert.Contains(
        Wrong[name].Words, Saved.Refusal(() => NumPyFile.Read(new MemoryStream(Wrong[name].File))),
            StringComparison.Ordinal);

    [Fact]
    public void PickledObjectsOfARealFileAreRefused() => Assert.Contains(
        "'|O' are not read", Saved.Refusal(() => NumPyFile.Read(Saved.Corpus("objects.npy"))),
            StringComparison.Ordinal);

    [Fact]
    public void AFileThatIsCutAnywhereIsRefused()
    {
        byte[] whole = Saved.Bytes("adamax/param_2.npy");
        for (int length = 0; length < whole.Length; length++)
            Saved.Refusal(() => NumPyFile.Read(new MemoryStream(whole[..length])));
    }

    [Fact]
    public void AnArrayIsCheckedWhenItIsMade()
    {
        Assert.Contains("(2, 2) does not have 3", Assert.Throws<ArgumentException>(
            () => PlainArray.Of([1f, 2, 3], [2, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PlainArray.Of(Array.Empty<float>(), [-1, 0]));
        Assert.Throws<ArgumentNullException>(() => PlainArray.Of((float[])null!));
        Assert.Contains("Single, not Int32", Assert.Throws<InvalidOperationException>(
            () => _ = PlainArray.Of([1f]).Values<int>().Length).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _ = PlainArray.Of([1]).Values<uint>().Length);
        Assert.Throws<InvalidOperationException>(() => PlainArray.Of([1f, 2]).ToNumber());
        Assert.Equal([1f, -2], PlainArray.Of([1L, -2]).ToSingles());
        Assert.Equal([0.1f], PlainArray.Of([0.1]).ToSingles());
        Assert.Equal([3f], PlainArray.Of([3]).ToSingles());
        Assert.Equal(4, PlainArray.Of([4]).ToNumber());
    }

    private static void AssertComesBack<T>(PlainArray array)
        where T : unmanaged
    {
        MemoryStream stream = new();
        NumPyFile.Write(stream, array);
        stream.Position = 0;
        PlainArray back = NumPyFile.Read(stream);
        Assert.Equal(array.Type, back.Type);
        Assert.Equal(array.Shape, back.Shape);
        Assert.Equal(array.Values<T>().ToArray(), back.Values<T>().ToArray());
    }

    private static byte[] File(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }
}
