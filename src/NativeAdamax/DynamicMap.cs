using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>
/// The values, rising, that codes of <see cref="StateFormat.EightBitDynamic"/> and <see cref="StateFormat.FourBitDynamic"/>
/// stand for; an element is the value times the scale of its block. The maps of bitsandbytes and torchao.
/// </summary>
/// <remarks>
/// Level i of n has 2^i values, without signs 2^(i + 1): the middles between as many equal steps from 0.1 to 1, times
/// 10^(i - n + 1). With signs their negatives too; and 0, and 1. A number gets the nearest value, of two that are equally
/// near the lower one; 0 is always 0, and nothing else is 0 without signs: a second moment that became 0 where the first one
/// stays would divide a step by epsilon alone.
/// </remarks>
public static class DynamicMap
{
    /// <summary>256 values from just above -1 to 1, of the first moment.</summary>
    public static ReadOnlySpan<float> Signed => CodeBook.Signed8.Values;

    /// <summary>256 values from 0 to 1, of the second moment, the infinity norm and AMSGrad's maximum.</summary>
    public static ReadOnlySpan<float> Unsigned => CodeBook.Unsigned8.Values;

    /// <summary>16 values from just above -1 to 1, of a first moment of 4 bits.</summary>
    public static ReadOnlySpan<float> SignedFourBit => CodeBook.Signed4.Values;
}
