using System.Numerics;
using NativeAdamax.Interop;
using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

public sealed unsafe class WordsTests
{
    private static readonly float SmallestNormal = BitConverter.UInt32BitsToSingle(0x00800000);

    [Theory]
    [InlineData(1f, 2f, 2f)]
    [InlineData(2f, 1f, 2f)]
    [InlineData(0f, 0f, 0f)]
    [InlineData(float.PositiveInfinity, float.MaxValue, float.PositiveInfinity)]
    [InlineData(float.NaN, float.PositiveInfinity, float.NaN)]
    [InlineData(float.PositiveInfinity, float.NaN, float.NaN)]
    [InlineData(0f, float.NaN, float.NaN)]
    public void TheMaximumPropagatesNanFromEitherSide(float a, float b, float expected) =>
        Assert.Equal(expected, Words.MaxNonNegative(Words.Set(a), Words.Set(b))[0]);

    [Theory]
    [InlineData(-2f, -1f)]
    [InlineData(2f, 1f)]
    [InlineData(0.5f, 0.5f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.NaN, float.NaN)]
    public void ClampingKeepsNan(float x, float expected) =>
        Assert.Equal(expected, Words.Clamp(Words.Set(x), Words.Set(-1), Words.Set(1))[0]);

    [Fact]
    public void FlushingMakesDenormalsAndMinusZeroPlusZeroAndKeepsTheRest()
    {
        foreach (float sign in new[] { 1f, -1f })
        {
            Assert.Equal(0u, FlushedBits(sign * 0f, eps: 1));
            Assert.Equal(0u, FlushedBits(sign * float.Epsilon, eps: 1));
            Assert.Equal(0u, FlushedBits(sign * float.BitDecrement(SmallestNormal), eps: 1));
            foreach (float kept in new[] { SmallestNormal, 1, float.MaxValue, float.PositiveInfinity, float.NaN })
                Assert.Equal(BitConverter.SingleToUInt32Bits(sign * kept), FlushedBits(sign * kept, eps: 1));
        }
    }

    [Fact]
    public void NothingIsFlushedWhereTheDenominatorWouldShowIt()
    {
        foreach (float kept in new[] { -0f, float.Epsilon, -float.Epsilon, float.BitDecrement(SmallestNormal) })
            Assert.Equal(BitConverter.SingleToUInt32Bits(kept), FlushedBits(kept, eps: 0));
    }

    [Theory]
    [InlineData(1f, 1f, 1f)]
    [InlineData(1f, 0.5f, 0f)]
    [InlineData(float.PositiveInfinity, float.MaxValue, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity)]
    public void KeepingDropsWhatLiesAboveTheCap(float x, float cap, float expected) =>
        Assert.Equal(expected, Words.Keep(Words.Set(x), Words.Set(cap))[0]);

    [Fact]
    public void APartOfAVectorReadsAndWritesItsOwnLanesOnly()
    {
        int count = Vector<float>.Count;
        float* from = stackalloc float[count];
        float* to = stackalloc float[count];
        for (int lanes = 0; lanes <= count; ++lanes)
        {
            for (int i = 0; i < count; ++i)
            {
                from[i] = i < lanes ? i + 1 : float.NaN;
                to[i] = -1;
            }

            Vector<float> x = Words.Load(from, (nuint)lanes);
            Words.Store(to, x, (nuint)lanes);
            for (int i = 0; i < count; ++i)
            {
                Assert.Equal(i < lanes ? i + 1 : 0, x[i]);
                Assert.Equal(i < lanes ? i + 1 : -1, to[i]);
            }
        }
    }

    private static uint FlushedBits(float x, float eps)
    {
        NaScalars row = new() { eps = eps };
        return BitConverter.SingleToUInt32Bits(Words.Flush(Words.Set(x), Words.SetFlush(&row))[0]);
    }
}
