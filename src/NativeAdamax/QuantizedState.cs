namespace NativeAdamax;

/// <summary>A moment in blocks of 256 elements with a scale each, as it is kept. Memory of the optimizer.</summary>
/// <remarks>
/// bitsandbytes keeps the same as state1, absmax1 and qmap1 (state2 ... of the second moment), torchao as codes, scale and
/// qmap of exp_avg and exp_avg_sq.
/// </remarks>
public readonly ref struct QuantizedState
{
    internal QuantizedState(StateFormat format, Span<byte> codes, Span<float> scales, ReadOnlySpan<float> map)
    {
        Format = format;
        Codes = codes;
        Scales = scales;
        Map = map;
    }

    /// <summary>What the codes mean.</summary>
    public StateFormat Format { get; }

    /// <summary>
    /// A byte an element; in 4 bits a byte for two, the first one in the lower half. Of <see cref="StateFormat.EightBit"/>'s
    /// first moment they are numbers with a sign.
    /// </summary>
    public Span<byte> Codes { get; }

    /// <summary>
    /// A number a block, the last one of which may be shorter: its largest magnitude, and by a map of a first moment at
    /// least that of the lowest number over that of the map's.
    /// </summary>
    public Span<float> Scales { get; }

    /// <summary>
    /// What the codes stand for, times the scale: one of <see cref="DynamicMap"/>. Empty for
    /// <see cref="StateFormat.EightBit"/>, whose elements are scale * c / (254 - |c|) of the first moment and
    /// scale * (c / 255)^2 of the others.
    /// </summary>
    public ReadOnlySpan<float> Map { get; }
}
