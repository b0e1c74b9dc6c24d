using System.Globalization;
using System.Text.Json;

namespace NativeAdamax.Tests.Goldens;

/// <summary>
/// Values of one tensor in a golden file: all of them, or those at <see cref="Indices"/> with sums over all.
/// </summary>
internal sealed record PackedTensor(int Count, int[] Indices, double[] Values, double? Sum, double? SumOfSquares)
{
    /// <summary>What stands where the system has not made a state yet.</summary>
    public static PackedTensor Absent { get; } = new(0, [], [], null, null);

    public bool IsSampled => Sum is not null;

    public static PackedTensor Parse(JsonElement packed, int digits, int[] sampleIndices)
    {
        if (packed.ValueKind == JsonValueKind.Null)
            return Absent;
        int count = packed.GetProperty("n").GetInt32();
        bool sampled = packed.TryGetProperty("sampled", out JsonElement flag) && flag.GetBoolean();
        double[] values = ParseBits(packed.GetProperty("bits").GetString()!, digits);
        int[] indices = sampled ? sampleIndices : [.. Enumerable.Range(0, count)];
        if (values.Length != indices.Length)
            throw new FormatException($"{values.Length} values in a packed tensor of {indices.Length}");
        return sampled
            ? new(count, indices, values, packed.GetProperty("sum").GetDouble(),
                packed.GetProperty("sumsq").GetDouble())
            : new(count, indices, values, null, null);
    }

    public static double[] ParseBits(string bits, int digits)
    {
        if (digits is not (4 or 8 or 16) || bits.Length % digits != 0)
            throw new FormatException($"{bits.Length} digits are no row of values of {digits} digits");
        double[] values = new double[bits.Length / digits];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<char> hex = bits.AsSpan(i * digits, digits);
            ulong raw = ulong.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            values[i] = digits switch
            {
                4 => (float)BFloat16.FromBits((ushort)raw),
                8 => BitConverter.UInt32BitsToSingle((uint)raw),
                _ => BitConverter.UInt64BitsToDouble(raw),
            };
        }

        return values;
    }
}
