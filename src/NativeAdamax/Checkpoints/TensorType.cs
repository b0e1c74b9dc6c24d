namespace NativeAdamax.Checkpoints;

/// <summary>What the elements of a tensor in a safetensors file are. Types of less than a byte are not read.</summary>
public enum TensorType
{
    /// <summary>A byte, 0 or 1.</summary>
    Bool,

    /// <summary>8 bits without a sign.</summary>
    U8,

    /// <summary>8 bits with a sign.</summary>
    I8,

    /// <summary>A float of 8 bits, 5 of them exponent.</summary>
    F8E5M2,

    /// <summary>A float of 8 bits, 4 of them exponent.</summary>
    F8E4M3,

    /// <summary>A power of two in 8 bits.</summary>
    F8E8M0,

    /// <summary>16 bits with a sign.</summary>
    I16,

    /// <summary>16 bits without a sign.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,

    /// <summary>32 bits with a sign.</summary>
    I32,

    /// <summary>32 bits without a sign.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>Two float32: real and imaginary part.</summary>
    C64,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>64 bits with a sign.</summary>
    I64,

    /// <summary>64 bits without a sign.</summary>
    U64,
}

internal static class TensorTypes
{
    private static readonly (string Text, int Size)[] Table =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("F8_E8M0", 1),
        ("I16", 2), ("U16", 2), ("F16", 2), ("BF16", 2),
        ("I32", 4), ("U32", 4), ("F32", 4),
        ("C64", 8), ("F64", 8), ("I64", 8), ("U64", 8),
    ];

    /// <summary>As it stands in the header.</summary>
    public static string Text(this TensorType type) => Table[(int)type].Text;

    /// <summary>Bytes of an element.</summary>
    public static int Size(this TensorType type) => Table[(int)type].Size;

    /// <summary>Null: there is no such type.</summary>
    public static TensorType? Find(string text)
    {
        int i = Array.FindIndex(Table, row => row.Text == text);
        return i < 0 ? null : (TensorType)i;
    }
}
