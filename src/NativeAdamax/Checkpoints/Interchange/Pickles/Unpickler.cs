using static NativeAdamax.Checkpoints.CheckpointFormatException;

namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>
/// Reads pickles of protocol 2 as data: no code is run, and only what <see cref="Opcode"/> and the given types name is
/// understood. Time and memory are a small multiple of the pickle's length.
/// </summary>
internal sealed class Unpickler
{
    private const int DeepestNesting = 64;

    private readonly PickleBytes _bytes;
    private readonly IPickleTypes _types;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly List<object?> _memo = [];
    private int _containersLeft;

    private Unpickler(byte[] pickle, IPickleTypes types, string what)
    {
        _bytes = new PickleBytes(pickle, what);
        _types = types;

        // A tensor takes some fifty bytes and eight containers; a container takes memory that its one byte does not.
        _containersLeft = 64 + (pickle.Length / 4);
    }

    /// <summary>The value of a pickle that is nothing else.</summary>
    /// <exception cref="CheckpointFormatException">It is damaged, or needs what is not understood.</exception>
    public static object? Read(byte[] pickle, IPickleTypes types, string what) =>
        new Unpickler(pickle, types, what).Run();

    private object? Run()
    {
        if ((Opcode)_bytes.Byte() != Opcode.Proto || _bytes.Byte() is var protocol and not 2)
            throw Refused("It is no pickle of protocol 2.");
        while (true)
        {
            byte opcode = _bytes.Byte();
            if ((Opcode)opcode == Opcode.Stop)
                return End();
            if (!ReadScalar((Opcode)opcode) && !ReadContainer((Opcode)opcode) && !ReadObject((Opcode)opcode))
                throw Refused($"The opcode 0x{opcode:x2} is not understood.");
        }
    }

    private object? End()
    {
        if (!_bytes.AtEnd)
            throw Refused("It goes on after its end.");
        return _stack.Count == 1 && _marks.Count == 0
            ? _stack[0] : throw Refused(
                $"It ends with {_stack.Count} values and {_marks.Count} marks instead of one value.");
    }

    private bool ReadScalar(Opcode opcode)
    {
        object? value;
        switch (opcode)
        {
            case Opcode.None:
                value = null;
                break;
            case Opcode.NewTrue or Opcode.NewFalse:
                value = opcode == Opcode.NewTrue;
                break;
            case Opcode.BinInt:
                value = (long)_bytes.Int32();
                break;
            case Opcode.BinInt1:
                value = (long)_bytes.Byte();
                break;
            case Opcode.BinInt2:
                value = (long)_bytes.UInt16();
                break;
            case Opcode.Long1:
                value = _bytes.Long();
                break;
            case Opcode.BinFloat:
                value = _bytes.Double();
                break;
            case Opcode.BinUnicode:
                value = _bytes.Text();
                break;
            default:
                return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool ReadContainer(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.Mark:
                if (_marks.Count == DeepestNesting)
                    throw Refused($"Marks are nested deeper than {DeepestNesting}.");
                _marks.Add(_stack.Count);
                return true;
            case Opcode.EmptyTuple:
                _stack.Add(PickledTuple.Empty);
                return true;
            case Opcode.Tuple:
                PushContainer(new PickledTuple(TakeMarked()));
                return true;
            case Opcode.Tuple1 or Opcode.Tuple2 or Opcode.Tuple3:
                PushContainer(new PickledTuple(TakeLast(opcode - Opcode.Tuple1 + 1)));
                return true;
            case Opcode.EmptyList:
                PushContainer(new PickledList());
                return true;
            case Opcode.Append:
                object?[] last = TakeLast(1);
                Top<PickledList>().Add(last[0]);
                return true;
            case Opcode.Appends:
                object?[] items = TakeMarked();
                Top<PickledList>().AddRange(items);
                return true;
            case Opcode.EmptyDict:
                PushContainer(new PickledDictionary(isOrderedDict: false));
                return true;
            case Opcode.SetItem:
                SetItems(TakeLast(2));
                return true;
            case Opcode.SetItems:
                SetItems(TakeMarked());
                return true;
            default:
                return false;
        }
    }

    private bool ReadObject(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.BinPut:
                Memorize(_bytes.Byte());
                return true;
            case Opcode.LongBinPut:
                Memorize(_bytes.UInt32());
                return true;
            case Opcode.BinGet:
                _stack.Add(Recall(_bytes.Byte()));
                return true;
            case Opcode.LongBinGet:
                _stack.Add(Recall(_bytes.UInt32()));
                return true;
            case Opcode.Global:
                string module = _bytes.Name();
                _stack.Add(_types.Find(module, _bytes.Name()));
                return true;
            case Opcode.Reduce:
                object?[] call = TakeLast(2);
                if (call[0] is null || call[1] is not PickledTuple arguments)
                    throw Refused("A call is not of a function with a tuple.");
                PushContainer(_types.Call(call[0]!, arguments.Items));
                return true;
            case Opcode.Build:
                // Attributes of an OrderedDict, such as versions of modules: nothing that an optimizer goes on with.
                object?[] attributes = TakeLast(1);
                if (attributes[0] is not PickledDictionary || !Top<PickledDictionary>().IsOrderedDict)
                    throw Refused("Attributes are set of what is no OrderedDict.");
                return true;
            case Opcode.BinPersId:
                object?[] identity = TakeLast(1);
                PushContainer(_types.Load(identity[0]));
                return true;
            default:
                return false;
        }
    }

    private void PushContainer(object container)
    {
        if (--_containersLeft < 0)
            throw Refused("It makes more containers than its length allows.");
        _stack.Add(container);
    }

    private void SetItems(object?[] items)
    {
        PickledDictionary dictionary = Top<PickledDictionary>();
        if (items.Length % 2 != 0)
            throw Refused("A dictionary gets a key without a value.");
        for (int i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long))
                throw Refused("A key is neither a string nor a whole number.");
            if (!dictionary.TryAdd(items[i]!, items[i + 1]))
                throw Refused($"The key {Quote($"{items[i]}")} is there twice.");
        }
    }

    /// <summary>Python's pickler numbers what it keeps from 0 on.</summary>
    private void Memorize(uint number)
    {
        if (number != _memo.Count)
            throw Refused($"The memo gets number {number} after {_memo.Count} others.");
        _memo.Add(_stack.Count > Floor ? _stack[^1] : throw Underflow());
    }

    private object? Recall(uint number) =>
        number < _memo.Count ? _memo[(int)number] : throw Refused($"The memo has no number {number}.");

    private object?[] TakeMarked()
    {
        if (_marks.Count == 0)
            throw Refused("There is no mark.");
        int mark = Floor;
        _marks.RemoveAt(_marks.Count - 1);
        return TakeLast(_stack.Count - mark);
    }

    private object?[] TakeLast(int count)
    {
        int start = _stack.Count - count;
        if (start < Floor)
            throw Underflow();
        object?[] items = [.. _stack[start..]];
        _stack.RemoveRange(start, count);
        return items;
    }

    private T Top<T>()
        where T : class =>
        _stack.Count > Floor && _stack[^1] is T top ? top : throw Refused($"There is no {typeof(T).Name} to fill.");

    /// <summary>What lies below the last mark is not to be taken.</summary>
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private CheckpointFormatException Underflow() => Refused("It takes more values than there are.");

    private CheckpointFormatException Refused(string why) => _bytes.Refused(why);
}
