using NativeAdamax.Kernels;

namespace NativeAdamax.Tests.Kernels;

public sealed class PairwiseSumTests
{
    [Fact]
    public void NoTermsSumToZero() => Assert.Equal(0, PairwiseSum.Of([]));

    [Fact]
    public void TermsAreAddedAsATreeInTheirOrder()
    {
        double[] t = [1, 1e-16, 1e-16, 1e-16, 3, 1e16, -1e16];
        Assert.Equal((t[0] + t[1] + (t[2] + t[3])) + ((t[4] + t[5]) + t[6]), PairwiseSum.Of(t));
    }

    [Fact]
    public void PortionsDoNotChangeTheSum()
    {
        Random random = new(3);
        double[] terms = new double[1000];
        foreach (ref double term in terms.AsSpan())
            term = random.NextDouble() * Math.Pow(10, random.Next(-20, 20));
        double expected = PairwiseSum.Of(terms);
        for (int portion = 1; portion < 70; ++portion)
        {
            PairwiseSum sum = default;
            for (int i = 0; i < terms.Length; i += portion)
                sum.Add(terms.AsSpan(i, int.Min(portion, terms.Length - i)));
            Assert.Equal(expected, sum.Total());
        }
    }

    [Fact]
    public void ZerosInARowAreWorthAsManyZerosOneByOne()
    {
        Random random = new(5);
        for (int round = 0; round < 200; ++round)
        {
            PairwiseSum together = default, oneByOne = default;
            for (int i = 0; i < 12; ++i)
            {
                double[] term = [random.NextDouble() * Math.Pow(10, random.Next(-20, 20))];
                double[] zeros = new double[random.Next(70)];
                together.Add(term);
                together.AddZeros((ulong)zeros.Length);
                oneByOne.Add(term);
                oneByOne.Add(zeros);
                Assert.Equal(oneByOne.Total(), together.Total());
            }
        }
    }

    [Fact]
    public void TheErrorOfAMillionEqualTermsStaysAtAFewUlp()
    {
        double[] terms = new double[1_000_003];
        Array.Fill(terms, 0.1);
        double expected = 1_000_003 * 0.1;
        Assert.InRange(PairwiseSum.Of(terms), expected - 1e-10, expected + 1e-10);
    }

    [Fact]
    public void ATermThatIsNotFiniteShowsInTheSum()
    {
        Assert.Equal(double.PositiveInfinity, PairwiseSum.Of([1, double.PositiveInfinity, 2]));
        Assert.Equal(double.NaN, PairwiseSum.Of([1, 2, double.NaN, 4]));
    }
}
