using System.Runtime.InteropServices;

namespace NativeAdamax.Tests.Kernels;

internal static class Bits
{
    /// <summary>Bit for bit equal, where all NaN are one.</summary>
    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        if (MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)))
            return;

        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; ++i)
        {
            if (Of(expected[i]) == Of(actual[i]))
                continue;

            string difference = $"expected {Show(expected[i])}, got {Show(actual[i])}";
            Assert.Fail($"{what}, element {i} of {expected.Length}: {difference}.");
        }
    }

    private static uint Of(float x) => float.IsNaN(x) ? 0x7fc00000 : BitConverter.SingleToUInt32Bits(x);

    private static string Show(float x) => $"{x:g9} ({BitConverter.SingleToUInt32Bits(x):x8})";
}
