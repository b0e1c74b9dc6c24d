using System.Buffers.Binary;
using System.Text;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>Writes pickles opcode by opcode, right ones and wrong ones.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    public PickleWriter(byte protocol = 2) => Op(0x80, protocol);

    public byte[] Stop() => [.. Op('.')._bytes];

    public PickleWriter Op(char opcode, params byte[] bytes) => Op((byte)opcode, bytes);

    public PickleWriter Op(byte opcode, params byte[] bytes)
    {
        _bytes.Add(opcode);
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Text(string text) => Raw(Encoding.UTF8.GetBytes(text));

    public PickleWriter Raw(byte[] utf8)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op('X', [.. length, .. utf8]);
    }

    public PickleWriter Number(long number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Op(0x8a, [8, .. bytes]);
    }

    public PickleWriter Name(string module, string name) => Op('c', Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Tuple(params long[] numbers)
    {
        Op('(');
        foreach (long number in numbers)
            Number(number);
        return Op('t');
    }

    public PickleWriter Storage(string type, string key, long count) =>
        Op('(').Text("storage").Name("torch", type).Text(key).Text("cpu").Number(count).Op('t').Op('Q');

    /// <summary>A tensor over a storage of so many elements.</summary>
    public PickleWriter Tensor(
        string type, string key, long count, long[] sizes, long[] strides, long offset = 0) =>
        Name("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, count).Number(offset).Tuple(sizes)
            .Tuple(strides).Op(0x89).Name("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>A dictionary with one key.</summary>
    public static byte[] Under(string key, Func<PickleWriter, PickleWriter> value) =>
        value(new PickleWriter().Op('}').Text(key)).Op('s').Stop();

    /// <summary>An optimizer's dictionary with this state of parameter 0 and this group.</summary>
    public static byte[] State(Func<PickleWriter, PickleWriter> state, Func<PickleWriter, PickleWriter> group) =>
        group(state(new PickleWriter().Op('}').Op('(').Text("state").Op('}').Number(0)).Op('s')
            .Text("param_groups").Op(']')).Op('a').Op('u').Stop();
}
