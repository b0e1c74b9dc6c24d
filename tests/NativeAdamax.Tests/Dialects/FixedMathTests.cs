using System.Globalization;
using System.Numerics;
using NativeAdamax.Dialects;

namespace NativeAdamax.Tests.Dialects;

/// <summary>The fixed sequences of double operations, against series in 256 bits.</summary>
public sealed class FixedMathTests
{
    private const int Values = 2000;

    [Fact]
    public void TheExactValuesOfTheTestsAreExact()
    {
        Assert.Equal("14159265358979323846264338327950288419716939937510", Decimals(Fixed.Pi));
        Assert.Equal("69314718055994530941723212145817656807550013436025", Decimals(Fixed.Ln2));
        Assert.Equal("71828182845904523536028747135266249775724709369995", Decimals(Fixed.Exp(Fixed.One).Mantissa * 2));
        Assert.Equal("30258509299404568401799145468436420760110148862877", Decimals(Fixed.Log(10)));
        Assert.Equal("70710678118654752440084436210484903928483593768847", Decimals(Fixed.CosPi(0.25)));
    }

    [Fact]
    public void CosPiIsWithinTwoUlp() => AssertWithin(2, random =>
    {
        double x = random.NextDouble();
        double cosine = FixedMath.CosPi(x);
        return ($"cos(pi {x:R})", Fixed.UlpsFrom(Fixed.CosPi(x), 0, cosine));
    });

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0)]
    [InlineData(1, -1)]
    [InlineData(1.5, 0)]
    [InlineData(2, 1)]
    [InlineData(-0.5, 0)]
    [InlineData(-3, -1)]
    [InlineData(123456789.5, 0)]
    [InlineData(4503599627370497, -1)]
    [InlineData(1e300, 1)]
    [InlineData(0.33333333333333331, 0.5)]
    public void CosPiIsExactWhereTheCosineIs(double x, double cosine) => Assert.Equal(cosine, FixedMath.CosPi(x));

    [Fact]
    public void CosPiIsEvenAndHasThePeriodTwo()
    {
        for (int i = 0; i <= 1024; i++)
        {
            double x = i / 512.0;
            Assert.Equal(FixedMath.CosPi(x), FixedMath.CosPi(-x));
            Assert.Equal(FixedMath.CosPi(x), FixedMath.CosPi(x + 64));
            Assert.Equal(FixedMath.CosPi(x), -FixedMath.CosPi(x + 1));
        }
    }

    [Fact]
    public void LogIsWithinOneUlp() => AssertWithin(1, random =>
    {
        double x = Math.ScaleB(1 + random.NextDouble(), random.Next(-60, 60));
        return ($"log {x:R}", Fixed.UlpsFrom(Fixed.Log(x), 0, FixedMath.Log(x)));
    });

    [Fact]
    public void LogIsWithinOneUlpNearOne() => AssertWithin(1, random =>
    {
        double x = 1 + (random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(40));
        return ($"log {x:R}", x == 1 ? 0 : Fixed.UlpsFrom(Fixed.Log(x), 0, FixedMath.Log(x)));
    });

    [Fact]
    public void ExpIsWithinTwoUlp() => AssertWithin(2, random =>
    {
        double x = random.NextDouble() * 1400 - 700;
        (BigInteger mantissa, int exponent) = Fixed.Exp(Fixed.Of(x));
        return ($"exp {x:R}", Fixed.UlpsFrom(mantissa, exponent, FixedMath.Exp(x)));
    });

    [Fact]
    public void ExpEndsInZeroAndInInfinity()
    {
        Assert.Equal(0, FixedMath.Exp(-1e300));
        Assert.Equal(0, FixedMath.Exp(-746));
        Assert.Equal(double.Epsilon, FixedMath.Exp(-745));
        Assert.Equal(double.PositiveInfinity, FixedMath.Exp(710));
        Assert.True(double.IsFinite(FixedMath.Exp(709.7)));
        Assert.Equal(double.PositiveInfinity, FixedMath.Exp(1e300));
        Assert.True(double.IsNaN(FixedMath.Exp(double.NaN)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(700)]
    public void RealPowerIsWithinTwoUlpAndOneForEvery25OfTheLogarithm(int largest) => AssertWithin(1, random =>
    {
        double x = random.Next(3) switch
        {
            0 => random.NextDouble(),
            1 => 0.9 + random.NextDouble() / 5,
            _ => 1 + 3 * random.NextDouble(),
        };
        double logarithm = random.NextDouble() * largest;
        double y = logarithm / Math.Abs(Math.Log(x));
        (BigInteger mantissa, int exponent) = Fixed.Exp(Fixed.Multiply(Fixed.Log(x), Fixed.Of(y)));
        return (
            $"{x:R} to the power {y:R}",
            Fixed.UlpsFrom(mantissa, exponent, FixedMath.RealPower(x, y)) / (2 + logarithm / 25));
    });

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 0.5, 0)]
    [InlineData(0, 1e9, 0)]
    [InlineData(1, 1e18, 1)]
    [InlineData(0.3, 1, 0.3)]
    [InlineData(0.75, 2, 0.5625)]
    [InlineData(4, 0.5, 2)]
    [InlineData(0.25, 1.5, 0.125)]
    [InlineData(0.5, 1000, 9.332636185032189e-302)]
    [InlineData(0.9, 1e6, 0)]
    [InlineData(2, 1e6, double.PositiveInfinity)]
    public void RealPowerIsExactWhereItMustBe(double x, double y, double power) =>
        Assert.Equal(power, FixedMath.RealPower(x, y));

    [Fact]
    public void PowersAreTheProductsOfSquaresFromTheLowestBitOn()
    {
        Random random = new(20241121);
        for (int i = 0; i < Values; i++)
        {
            double x = random.NextDouble(), y = 1 - Math.ScaleB(random.NextDouble(), -random.Next(20));
            long n = random.NextInt64(1L << random.Next(1, 63));
            Assert.Equal((BySquaring(x, n), BySquaring(y, n)), FixedMath.Powers(x, y, n));
            Assert.Equal(BySquaring(y, n), FixedMath.Power(y, n));
        }
    }

    private static double BySquaring(double x, long n)
    {
        double result = 1;
        for (double square = x; n > 0; n /= 2)
        {
            if (n % 2 == 1)
                result *= square;
            square *= square;
        }

        return result;
    }

    private static void AssertWithin(double ulps, Func<Random, (string What, double Ulps)> measure)
    {
        Random random = new(20241121);
        for (int i = 0; i < Values; i++)
        {
            (string what, double distance) = measure(random);
            Assert.True(distance <= ulps, $"{what} is {distance:f2} off, of {ulps}");
        }
    }

    private static string Decimals(BigInteger value) =>
        ((value % Fixed.One + Fixed.One) % Fixed.One * BigInteger.Pow(10, 50) / Fixed.One)
            .ToString(CultureInfo.InvariantCulture).PadLeft(50, '0');
}
