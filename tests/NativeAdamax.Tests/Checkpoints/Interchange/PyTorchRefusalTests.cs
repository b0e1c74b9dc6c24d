using System.IO.Compression;
using System.Text;
using NativeAdamax.Checkpoints.Interchange;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>Files whose zip is right and whose pickle, or what it refers to, is not.</summary>
public sealed class PyTorchRefusalTests
{
    private static readonly byte[] Version = Encoding.ASCII.GetBytes("3\n");
    private static readonly byte[] Empty = new PickleWriter().Op('}').Stop();

    private static readonly Dictionary<string, (string Words, byte[] File)> Archives = new()
    {
        ["no pickle"] = ("0 entries data.pkl", Zip.Of(("archive/version", Version))),
        ["two pickles"] = ("2 entries data.pkl", Zip.Of(("a/data.pkl", Empty), ("b/data.pkl", Empty))),
        ["no version"] = ("The entry 'archive/version' is missing", Zip.Of(("archive/data.pkl", Empty))),
        ["version 11"] = ("Its version is '11'", Zip.Of(("a/data.pkl", Empty), ("a/version", "11\n"u8.ToArray()))),
        ["no number"] = ("Its version is 'x'", Zip.Of(("a/data.pkl", Empty), ("a/version", "x"u8.ToArray()))),
        ["long version"] = ("has 17 bytes; 16 are the most",
            Zip.Of(("a/data.pkl", Empty), ("a/version", new byte[17]))),
        ["big-endian"] = ("byte order is 'big'", Zip.Of(
            ("a/data.pkl", Empty), ("a/version", Version), ("a/byteorder", "big"u8.ToArray()))),
        ["compressed"] = ("'a/data.pkl' is compressed",
            Zip.Of(CompressionLevel.Fastest, ("a/data.pkl", new byte[100]))),
        ["twice"] = ("'a/data.pkl' is there twice", Zip.Of(("a/data.pkl", Empty), ("a/data.pkl", Empty))),
    };

    private static readonly Dictionary<string, (string Words, byte[] Pickle)> Pickles = new()
    {
        ["nothing"] = ("ends 1 bytes too early", []),
        ["protocol 4"] = ("no pickle of protocol 2", new PickleWriter(4).Op('}').Stop()),
        ["no protocol"] = ("no pickle of protocol 2", "(dp0\n."u8.ToArray()),
        ["text opcode"] = ("opcode 0x49 is not understood", new PickleWriter().Op('I', "1\n"u8.ToArray()).Stop()),
        ["INST"] = ("opcode 0x69", new PickleWriter().Op('i', "os\nsystem\n"u8.ToArray()).Stop()),
        ["OBJ"] = ("opcode 0x6f", new PickleWriter().Op('o').Stop()),
        ["NEWOBJ"] = ("opcode 0x81", new PickleWriter().Op(0x81).Stop()),
        ["EXT1"] = ("opcode 0x82", new PickleWriter().Op(0x82, 1).Stop()),
        ["BINBYTES"] = ("opcode 0x42", new PickleWriter().Op('B', 0, 0, 0, 0).Stop()),
        ["LONG4"] = ("opcode 0x8b", new PickleWriter().Op(0x8b, 0, 0, 0, 0).Stop()),
        ["STACK_GLOBAL"] = ("opcode 0x93", new PickleWriter().Text("os").Text("system").Op(0x93).Stop()),
        ["os.system"] = ("posix.system is not allowed",
            new PickleWriter().Name("posix", "system").Op('(').Text("true").Op('t').Op('R').Stop()),
        ["byte storage"] = ("torch.ByteStorage is not allowed",
            PickleWriter.Under("x", p => p.Storage("ByteStorage", "0", 4))),
        ["quantized"] = ("torch._utils._rebuild_qtensor is not allowed",
            new PickleWriter().Name("torch._utils", "_rebuild_qtensor").Stop()),
        ["a class called"] = ("What is called is no function",
            new PickleWriter().Name("torch", "FloatStorage").Op(')').Op('R').Stop()),
        ["a number called"] = ("What is called is no function", new PickleWriter().Number(1).Op(')').Op('R').Stop()),
        ["None called"] = ("not of a function with a tuple", new PickleWriter().Op('N').Op(')').Op('R').Stop()),
        ["called with a list"] = ("not of a function with a tuple",
            new PickleWriter().Name("collections", "OrderedDict").Op(']').Op('R').Stop()),
        ["called with others"] = ("OrderedDict is called with other arguments",
            new PickleWriter().Name("collections", "OrderedDict").Tuple(1).Op('R').Stop()),
        ["tensor of nothing"] = ("Tensor is called with other arguments",
            new PickleWriter().Name("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R').Stop()),
        ["parameter of nothing"] = ("Parameter is called with other arguments",
            new PickleWriter().Name("torch._utils", "_rebuild_parameter").Tuple(1, 2, 3).Op('R').Stop()),
        ["name without end"] = ("no end within 200 bytes", new PickleWriter().Op('c', new byte[300]).Stop()),
        ["name not ASCII"] = ("not ASCII", new PickleWriter().Name("tor\u00e7h", "x").Stop()),
        ["string beyond"] = ("bytes too early", new PickleWriter().Op('X', 255, 255, 255, 255).Stop()),
        ["string not UTF-8"] = ("not UTF-8", new PickleWriter().Raw([0xC0, 0x80]).Stop()),
        ["long number"] = ("9 bytes is beyond 64 bits", new PickleWriter().Op(0x8a, [9, .. new byte[9]]).Stop()),
        ["deep"] = ("nested deeper than 64",
            new PickleWriter().Op('(', [.. Enumerable.Repeat((byte)'(', 64)]).Stop()),
        ["many containers"] = ("more containers than its length allows", new PickleWriter().Op('}',
            [.. Enumerable.Repeat((byte)']', 200)]).Stop()),
        ["no mark"] = ("There is no mark", new PickleWriter().Op('t').Stop()),
        ["empty stack"] = ("more values than there are", new PickleWriter().Op(0x85).Stop()),
        ["below the mark"] = ("more values than there are", new PickleWriter().Op('N').Op('(').Op(0x85).Stop()),
        ["no list"] = ("no PickledList to fill", new PickleWriter().Op('}').Op('N').Op('a').Stop()),
        ["no dictionary"] = ("no PickledDictionary to fill", new PickleWriter().Op(']').Op('N').Op('N').Op('s').Stop()),
        ["key without value"] = ("a key without a value", new PickleWriter().Op('}').Op('(').Number(1).Op('u').Stop()),
        ["key of a kind"] = ("neither a string nor a whole number",
            new PickleWriter().Op('}').Op(')').Op('N').Op('s').Stop()),
        ["key twice"] = ("The key 'a' is there twice",
            new PickleWriter().Op('}').Op('(').Text("a").Op('N').Text("a").Op('N').Op('u').Stop()),
        ["attributes"] = ("no OrderedDict", new PickleWriter().Op('}').Op('}').Op('b').Stop()),
        ["attributes of another kind"] = ("no OrderedDict", new PickleWriter().Op('}').Op('N').Op('b').Stop()),
        ["memo with a gap"] = ("gets number 7 after 0", new PickleWriter().Op('}').Op('q', 7).Stop()),
        ["memo of nothing"] = ("more values than there are", new PickleWriter().Op('q', 0).Stop()),
        ["memo of a huge number"] = ("gets number 4294967295",
            new PickleWriter().Op('}').Op('r', 255, 255, 255, 255).Stop()),
        ["memo without"] = ("has no number 3", new PickleWriter().Op('h', 3).Stop()),
        ["memo without a huge number"] = (
            "has no number 4294967295", new PickleWriter().Op('j', 255, 255, 255, 255).Stop()),
        ["two values"] = ("2 values and 0 marks", new PickleWriter().Op('N').Op('N').Stop()),
        ["a mark left"] = ("1 values and 1 marks", new PickleWriter().Op('N').Op('(').Stop()),
        ["more behind"] = ("goes on after its end", [.. Empty, 0]),
        ["no end"] = ("ends 1 bytes too early", Empty[..^1]),
        ["no dictionary at all"] = ("It is no dictionary", new PickleWriter().Op(']').Stop()),
        ["identity"] = ("not that of a storage", PickleWriter.Under("x", p => p.Text("storage").Op('Q'))),
        ["storage missing"] = ("The storage 'archive/data/9' is missing",
            PickleWriter.Under("x", p => p.Storage("FloatStorage", "9", 4))),
        ["storage elsewhere"] = ("'archive/data/../version' is missing",
            PickleWriter.Under("x", p => p.Storage("FloatStorage", "../version", 4))),
        ["storage longer"] = ("has 16 bytes for 5 elements",
            PickleWriter.Under("x", p => p.Storage("FloatStorage", "0", 5))),
        ["storage of terabytes"] = ("16 bytes for 4611686018427387908 elements",
            PickleWriter.Under("x", p => p.Storage("FloatStorage", "0", (1L << 62) + 4))),
        ["storage negative"] = ("16 bytes for -4 elements",
            PickleWriter.Under("x", p => p.Storage("FloatStorage", "0", -4))),
        ["beyond"] = ("reaches beyond the 4 elements", Tensor([5], [1])),
        ["offset"] = ("reaches beyond", Tensor([4], [1], 1)),
        ["negative offset"] = ("reaches beyond", Tensor([4], [1], -1)),
        ["stride"] = ("reaches beyond", Tensor([2, 2], [3, 1])),
        ["huge strides"] = ("reaches beyond", Tensor([2, 2], [long.MaxValue, long.MaxValue])),
        ["repeated elements"] = ("reaches beyond", Tensor([1 << 30], [0])),
        ["overflow"] = ("sizes and strides that do not fit", Tensor([1L << 32, 1L << 32], [0, 0])),
        ["ranks"] = ("sizes and strides that do not fit", Tensor([2, 2], [1])),
        ["negative size"] = ("no whole number from 0 on", Tensor([-1], [1])),
        ["negative stride"] = ("no whole number from 0 on", Tensor([4], [-1])),
        ["65 dimensions"] = ("65 dimensions", Tensor([.. Enumerable.Repeat(1L, 65)], [1])),
    };

    private static readonly Dictionary<string, (string Words, byte[] Pickle)> States = new()
    {
        ["other keys"] = ("other keys than state and param_groups", PickleWriter.Under("state", p => p.Op('}'))),
        ["number"] = ("The state of 'a'", new PickleWriter().Op('}').Op('(').Text("state").Op('}').Text("a").Op('}')
            .Op('s').Text("param_groups").Op(']').Op('u').Stop()),
        ["state"] = ("no dictionary, or no parameter's", PickleWriter.State(p => p.Number(1), p => p.Op('}'))),
        ["group"] = ("Group 0 is no dictionary", PickleWriter.State(p => p.Op('}'), p => p.Op(']'))),
        ["text"] = ("'exp_avg' of parameter 0 is a String",
            PickleWriter.State(Entry("exp_avg", p => p.Text("a")), p => p.Op('}'))),
        ["list"] = ("'exp_avg' of parameter 0 is a PickledList", PickleWriter.State(Entry("exp_avg", p => p.Op(']')),
            p => p.Op('}'))),
        ["key"] = ("The key '3' of parameter 0", PickleWriter.State(p => p.Op('}').Number(3).Op('N').Op('s'), p =>
            p.Op('}'))),
        ["step"] = ("'step' of parameter 0 is a tensor of 4 elements", PickleWriter.State(
            Entry("step", p => p.Tensor("FloatStorage", "0", 4, [4], [1])), p => p.Op('}'))),
        ["params"] = ("params of group 0 has what is no number", PickleWriter.State(
            p => p.Op('}'), Entry("params", p => p.Op(']').Number(-1).Op('a')))),
        ["betas"] = ("'betas' of group 0 is a String", PickleWriter.State(
            p => p.Op('}'), Entry("betas", p => p.Text("x").Op(0x85)))),
        ["itself"] = ("'names' of group 0 is a PickledList", PickleWriter.State(
            p => p.Op('}'), Entry("names", p => p.Op(']').Op('q', 0).Op('h', 0).Op('a')))),
        ["dictionary"] = ("'lr' of group 0 is a PickledDictionary", PickleWriter.State(p => p.Op('}'),
            Entry("lr", p => p.Op('}')))),
    };

    public static TheoryData<string> ArchiveNames => [.. Archives.Keys];

    public static TheoryData<string> PickleNames => [.. Pickles.Keys];

    public static TheoryData<string> StateNames => [.. States.Keys];

    [Theory]
    [MemberData(nameof(ArchiveNames))]
    public void AnArchiveThatTorchSaveDoesNotWriteIsRefusedByName(string name) =>
        AssertRefused(Archives[name].Words, Archives[name].File);

    [Theory]
    [MemberData(nameof(PickleNames))]
    public void APickleThatTensorsDoNotNeedIsRefusedByName(string name) =>
        AssertRefused(Pickles[name].Words, Zip.Torch(Pickles[name].Pickle, new byte[16]));

    [Theory]
    [MemberData(nameof(StateNames))]
    public void ADictionaryThatIsNoOptimizersIsRefusedByName(string name)
    {
        byte[] file = Zip.Torch(States[name].Pickle, new byte[16]);
        Assert.Contains(States[name].Words, Saved.Refusal(() => PyTorchFile.ReadStateDict(new MemoryStream(file))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameWritingsAreReadWhereTheyAreRight()
    {
        byte[] file = Zip.Torch(PickleWriter.Under("x", p => p.Tensor("FloatStorage", "0", 4, [2, 1, 1], [2, 9, 9], 1)),
            [.. new byte[4], 0, 0, 128, 63, .. new byte[4], 0, 0, 0, 64]);
        Assert.Equal([1f, 2], PyTorchFile.ReadTensors(new MemoryStream(file))["x"].Values<float>().ToArray());
    }

    [Fact]
    public void OneStorageIsNotReadAsMoreTensorsThanTheFileHasRoomFor() =>
        AssertRefused("they share storages", Zip.Torch(Shared(), new byte[4000]));

    [Fact]
    public void NothingIsAllocatedForWhatIsOnlyClaimed()
    {
        byte[] file = Zip.Torch(Pickles["repeated elements"].Pickle, new byte[16]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused("reaches beyond", file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 19);
    }

    private static void AssertRefused(string words, byte[] file) => Assert.Contains(
        words, Saved.Refusal(() => PyTorchFile.ReadTensors(new MemoryStream(file))), StringComparison.Ordinal);

    private static byte[] Tensor(long[] sizes, long[] strides, long offset = 0) =>
        PickleWriter.Under("x", p => p.Tensor("FloatStorage", "0", 4, sizes, strides, offset));

    private static Func<PickleWriter, PickleWriter> Entry(string key, Func<PickleWriter, PickleWriter> value) =>
        p => value(p.Op('}').Text(key)).Op('s');

    /// <summary>
    /// A thousand views of one storage of a thousand floats, told apart by a stride that is never walked.
    /// </summary>
    private static byte[] Shared()
    {
        PickleWriter pickle = new PickleWriter().Op('}').Op('(').Text("0")
            .Name("torch._utils", "_rebuild_tensor_v2").Op('q', 0).Op('(')
            .Storage("FloatStorage", "0", 1000).Op('q', 1).Number(0).Tuple(1000, 1).Op('q', 2);
        for (int i = 0; i < 1000; i++)
        {
            if (i > 0)
                pickle.Text($"{i}").Op('h', 0).Op('(').Op('h', 1).Op('K', 0).Op('h', 2);
            pickle.Op('K', 1).Op('M', (byte)i, (byte)(i >> 8)).Op(0x86).Op(0x89)
                .Name("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
        }

        return pickle.Op('u').Stop();
    }
}
