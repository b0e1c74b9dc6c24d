using System.Globalization;

namespace NativeAdamax;

/// <summary>
/// A float of 16 bits with the range of float32: its upper half, 8 bits of exponent and 7 of fraction. Only what weights
/// and gradients in other programs' memory need; from .NET 11 on System.Numerics has one with all operators, of the same
/// bits.
/// </summary>
public readonly struct BFloat16 : IEquatable<BFloat16>
{
    private BFloat16(ushort bits) => Bits = bits;

    /// <summary>The 16 bits: the upper half of the float32 of the same value.</summary>
    public ushort Bits { get; }

    /// <summary>The number of these bits.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>
    /// Rounded to nearest, ties to even; beyond the largest of these numbers to infinity. NaN becomes the quiet one of its
    /// sign.
    /// </summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return new BFloat16((ushort)(float.IsNaN(value)
            ? (bits >> 16 & 0x8000) | 0x7fc0
            : (bits + 0x7fff + (bits >> 16 & 1)) >> 16));
    }

    /// <summary>The same number.</summary>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Whether two are the same number: both zeros are, NaN is none.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>Whether two are different numbers, or one is NaN.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => !(left == right);

    /// <summary>Like <c>==</c>, but NaN equals NaN.</summary>
    public bool Equals(BFloat16 other) => ((float)this).Equals((float)other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <summary>As the float32 of the same value would be written.</summary>
    public override string ToString() => ((float)this).ToString(CultureInfo.CurrentCulture);
}
