namespace NativeAdamax.Checkpoints.Interchange.Pickles;

/// <summary>One class of storages of PyTorch.</summary>
/// <param name="Name">As the pickle names it.</param>
/// <param name="Size">Bytes of an element in the file.</param>
/// <param name="Type">What the elements become.</param>
internal sealed record TorchStorageType(string Name, int Size, ElementType Type)
{
    public static readonly TorchStorageType[] All =
    [
        new("FloatStorage", 4, ElementType.Single),
        new("DoubleStorage", 8, ElementType.Double),
        new("IntStorage", 4, ElementType.Int32),
        new("LongStorage", 8, ElementType.Int64),
        new("HalfStorage", 2, ElementType.Single),
        new("BFloat16Storage", 2, ElementType.Single),
    ];

    public bool IsBFloat16 => Name == "BFloat16Storage";
}

/// <summary>A run of elements that lies in an entry of its own.</summary>
internal sealed record TorchStorage(string Entry, TorchStorageType Type, int Count);

/// <summary>A view of a storage; checked against it.</summary>
internal sealed record TorchTensor(TorchStorage Storage, int Offset, long[] Sizes, long[] Strides, int Count)
{
    /// <summary>Whether the elements lie one after the other, row-major.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Sizes.Length - 1; i >= 0; i--)
            {
                if (Sizes[i] != 1 && Strides[i] != expected)
                    return false;
                expected *= Sizes[i];
            }

            return true;
        }
    }
}
