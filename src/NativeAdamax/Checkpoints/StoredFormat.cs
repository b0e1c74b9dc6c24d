using NativeAdamax.Interop;

namespace NativeAdamax.Checkpoints;

/// <summary>How a stream of some format stands in a file: bit for bit as it is in memory.</summary>
/// <param name="Type">Of its data.</param>
/// <param name="Beside">The name of the tensor that stands beside it, behind a point; null: there is none.</param>
/// <param name="BesideType">Of that one.</param>
/// <param name="IsHalves">Two elements a byte.</param>
internal readonly record struct StoredFormat(
    TensorType Type, string? Beside = null, TensorType BesideType = TensorType.F32, bool IsHalves = false)
{
    private const string Rest = "rest";

    /// <summary>The scales of what is companded.</summary>
    private const string Scale = "scale";

    /// <summary>The scales of what has a table: another name, so that the codes of one are not taken for those of the other.</summary>
    private const string LargestMagnitude = "absmax";

    public static StoredFormat Of(uint format) => format switch
    {
        NativeMethods.NA_BF16 or NativeMethods.NA_BF16_RANDOM => new(TensorType.BF16),
        NativeMethods.NA_F16 => new(TensorType.F16),
        NativeMethods.NA_BF16_REST16 => new(TensorType.BF16, Rest, TensorType.I16),
        NativeMethods.NA_BF16_REST8 => new(TensorType.BF16, Rest, TensorType.I8),
        NativeMethods.NA_SOFTSIGN8 => new(TensorType.I8, Scale),
        NativeMethods.NA_SQRT8 => new(TensorType.U8, Scale),
        NativeMethods.NA_BOOK8 => new(TensorType.U8, LargestMagnitude),
        NativeMethods.NA_BOOK4 => new(TensorType.U8, LargestMagnitude, IsHalves: true),
        _ => new(TensorType.F32),
    };
}
