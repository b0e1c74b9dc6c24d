using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NativeAdamax.Demo;

/// <summary>A fingerprint of weights, to compare runs by.</summary>
internal static class WeightsHash
{
    private const uint AnyNaN = 0x7fc00000;

    /// <summary>
    /// The first 16 hexadecimal digits of the SHA-256 over all weights in order, as little-endian float32. Every NaN
    /// counts as the same one: which of them an operation gives is the processor's choice.
    /// </summary>
    public static string Of(IEnumerable<float[]> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[4096];
        foreach (float[] tensor in weights)
        {
            ReadOnlySpan<float> rest = tensor;
            while (!rest.IsEmpty)
            {
                int count = Math.Min(rest.Length, bytes.Length / sizeof(float));
                for (int i = 0; i < count; i++)
                {
                    uint bits = float.IsNaN(rest[i]) ? AnyNaN : BitConverter.SingleToUInt32Bits(rest[i]);
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(float)), bits);
                }

                hash.AppendData(bytes, 0, count * sizeof(float));
                rest = rest[count..];
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
