using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Engine;

/// <summary>Where the library puts the streams of a step beside each other.</summary>
public sealed unsafe class StreamPlacementTests
{
    private const string HugePages = "memory in huge pages";

    /// <summary>
    /// Streams at the same place of a cache's page delay each other's loads, and large ones at the same place of a huge page
    /// wait for the same banks of memory. Weights and gradient have memory of their own, moments another.
    /// </summary>
    [LinuxTheory(HugePages)]
    [InlineData(1 << 19)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 12345)]
    public void NoTwoLargeStreamsAreAtTheSamePlaceOfAPage(int length)
    {
        using Parameter parameter = Parameter.Create(length);
        using Adam optimizer = new([parameter], new AdamOptions { AmsGrad = true });
        ParameterState state = optimizer.State(parameter);
        fixed (float* w = parameter.Weights, g = parameter.Gradient, m = state.FirstMoment, v = state.SecondMoment, x = state.MaxSecondMoment)
        {
            nuint[] places = [(nuint)w, (nuint)g, (nuint)m, (nuint)v, (nuint)x];
            Assert.Equal([0, 640, 1280, 1920, 2560], places.Select(p => (int)(p % 4096)));
            Assert.Equal(5, places.Select(p => p % (2 << 20) / 4096).Distinct().Count());
        }
    }
}
