using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>The elements of tensors, read from their storages when they are asked for, each storage once.</summary>
internal sealed class TorchTensors(StoredZip zip)
{
    private const int Part = 1 << 16;

    private readonly Dictionary<TorchStorage, PlainArray> _storages = [];
    private readonly Dictionary<TorchTensor, PlainArray> _arrays = [];

    public PlainArray Of(TorchTensor tensor)
    {
        if (!_arrays.TryGetValue(tensor, out PlainArray? array))
            _arrays.Add(tensor, array = Gather(tensor));
        return array;
    }

    private PlainArray Gather(TorchTensor tensor)
    {
        PlainArray storage = Of(tensor.Storage);
        if (tensor.IsContiguous && tensor.Count == storage.Length)
            return storage.As(tensor.Sizes);
        PlainArray array = PlainArray.Zeros(storage.Type, tensor.Count, tensor.Sizes);
        if (tensor.IsContiguous)
        {
            storage.CopyTo(Math.Min(tensor.Offset, storage.Length), array, 0, tensor.Count);
            return array;
        }

        long[] index = new long[tensor.Sizes.Length];
        long from = tensor.Offset;
        for (int to = 0; to < tensor.Count; to++)
        {
            storage.CopyTo((int)from, array, to, 1);
            for (int d = index.Length - 1; d >= 0; d--)
            {
                from += tensor.Strides[d];
                if (++index[d] < tensor.Sizes[d])
                    break;
                from -= tensor.Strides[d] * index[d];
                index[d] = 0;
            }
        }

        return array;
    }

    private PlainArray Of(TorchStorage storage)
    {
        if (_storages.TryGetValue(storage, out PlainArray? known))
            return known;
        PlainArray array = PlainArray.Zeros(storage.Type.Type, storage.Count);
        zip.Read(storage.Entry, stream =>
        {
            if (storage.Type.Size == 2)
                Widen(stream, array.ToSingles(), storage.Type.IsBFloat16);
            else
                array.ReadParts(part => stream.ReadExactly(part));
        });
        _storages.Add(storage, array);
        return array;
    }

    /// <summary>16 bits to float32, exactly.</summary>
    private static void Widen(Stream stream, Span<float> singles, bool isBFloat16)
    {
        ushort[] part = new ushort[Math.Min(Part, singles.Length)];
        while (!singles.IsEmpty)
        {
            Span<ushort> words = part.AsSpan(0, Math.Min(part.Length, singles.Length));
            stream.ReadExactly(MemoryMarshal.AsBytes(words));
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(words, words);
            if (isBFloat16)
            {
                for (int i = 0; i < words.Length; i++)
                    singles[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
            }
            else
            {
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(words), singles);
            }

            singles = singles[words.Length..];
        }
    }
}
