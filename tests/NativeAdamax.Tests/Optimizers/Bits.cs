using System.Runtime.InteropServices;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>Comparison of floats as bit patterns: -0 is not 0, and a NaN equals itself.</summary>
internal static class Bits
{
    public static void AssertEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]))
                Assert.Fail($"{what}: element {i} is {actual[i]:R} instead of {expected[i]:R}");
        }
    }

    public static bool AreEqual(ReadOnlySpan<float> left, ReadOnlySpan<float> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    public static bool IsDenormal(float x) => x != 0 && Math.Abs(x) < 1.17549435e-38f;

    /// <summary>The distance of float32 values at a magnitude.</summary>
    public static double Ulp(double magnitude)
    {
        float x = Math.Abs((float)magnitude);
        return (double)MathF.BitIncrement(x) - x;
    }
}
