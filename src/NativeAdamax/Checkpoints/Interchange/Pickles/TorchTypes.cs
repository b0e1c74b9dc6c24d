using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>
/// The names that PyTorch's files of tensors need. A tensor stays a reference until it is asked for; its place is
/// checked here, against the entries of the file.
/// </summary>
internal sealed class TorchTypes(StoredZip zip, string prefix, string what) : IPickleTypes
{
    private const int MostDimensions = 64;

    private static readonly Dictionary<(string Module, string Name), object> Known = new()
    {
        [("collections", "OrderedDict")] = Function.OrderedDict,
        [("torch._utils", "_rebuild_tensor_v2")] = Function.Tensor,
        [("torch._utils", "_rebuild_parameter")] = Function.Parameter,
    };

    private readonly Dictionary<string, TorchTensor> _tensors = [];
    private long _bytesLeft = zip.Length;

    private enum Function
    {
        OrderedDict,
        Tensor,
        Parameter,
    }

    static TorchTypes()
    {
        foreach (TorchStorageType type in TorchStorageType.All)
            Known.Add(("torch", type.Name), type);
    }

    public object Find(string module, string name) =>
        Known.GetValueOrDefault((module, name)) ?? throw Refused($"The name {module}.{name} is not allowed.");

    public object Call(object function, object?[] arguments) => (function, arguments) switch
    {
        (Function.OrderedDict, []) => new PickledDictionary(isOrderedDict: true),
        (Function.Parameter, [TorchTensor tensor, bool, PickledDictionary]) => tensor,
        (Function.Tensor,
            [TorchStorage storage, long offset, PickledTuple sizes, PickledTuple strides, bool, PickledDictionary]) =>
            Tensor(storage, offset, Numbers(sizes), Numbers(strides)),
        (Function, _) => throw Refused($"{function} is called with other arguments than PyTorch's."),
        _ => throw Refused("What is called is no function."),
    };

    public object Load(object? identity)
    {
        if (identity is not PickledTuple
            {
                Items: ["storage", TorchStorageType type, string key, string, long count]
            })
        {
            throw Refused("A persistent identity is not that of a storage.");
        }

        string entry = $"{prefix}data/{key}";
        long length = zip.LengthOf(entry) ?? throw Refused($"The storage {Quote(entry)} is missing.");
        return count >= 0 && count <= Array.MaxLength && length == count * type.Size
            ? new TorchStorage(entry, type, (int)count)
            : throw Refused($"The storage {Quote(entry)} has {length} bytes for {count} elements of {type.Name}.");
    }

    private TorchTensor Tensor(TorchStorage storage, long offset, long[] sizes, long[] strides)
    {
        string place = $"{storage.Entry} {storage.Type.Name} {offset} "
            + $"{string.Join(',', sizes)} {string.Join(',', strides)}";
        if (_tensors.TryGetValue(place, out TorchTensor? known))
            return known;
        long count = PlainArray.CountOf(sizes);
        if (sizes.Length != strides.Length || count < 0)
            throw Refused($"A tensor in {Quote(storage.Entry)} has sizes and strides that do not fit.");
        UInt128 last = (ulong)Math.Max(0, offset);
        for (int i = 0; i < sizes.Length && count > 0; i++)
            last += (UInt128)(ulong)(sizes[i] - 1) * (ulong)strides[i];
        if (offset < 0 || (count > 0 && last >= (ulong)storage.Count) || count > storage.Count)
            throw Refused($"A tensor reaches beyond the {storage.Count} elements of {Quote(storage.Entry)}.");
        _bytesLeft -= count * storage.Type.Size;
        if (_bytesLeft < 0)
        {
            throw Refused(
                $"The tensors up to one in {Quote(storage.Entry)} are larger than the file: they share storages.");
        }


        TorchTensor tensor = new(storage, (int)Math.Min(offset, int.MaxValue), sizes, strides, (int)count);
        _tensors.Add(place, tensor);
        return tensor;
    }

    private long[] Numbers(PickledTuple tuple)
    {
        if (tuple.Items.Length > MostDimensions)
            throw Refused($"A tensor has {tuple.Items.Length} dimensions; {MostDimensions} are the most.");
        return [.. tuple.Items.Select(n => n is long and >= 0
            ? (long)n : throw Refused("A size or stride is no whole number from 0 on."))];
    }

    private CheckpointFormatException Refused(string why) => StoredZip.Refused(what, why);
}
