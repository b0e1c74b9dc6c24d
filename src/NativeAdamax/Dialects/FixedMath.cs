using System.Runtime.Intrinsics;

namespace NativeAdamax.Dialects;

/// <summary>
/// Powers, exponentials, logarithms and cosines as fixed sequences of double operations. Those of the platform's C
/// library differ between libraries in their last bits; these are the same everywhere, and within a few ulp of the
/// exact value.
/// </summary>
internal static class FixedMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Pi = 3.14159265358979311600;
    private const double PiRest = 1.22464679914735317723e-16;

    /// <summary>x to the power n, by squaring. n at least 0.</summary>
    public static double Power(double x, long n) => Powers(x, x, n).First;

    /// <summary>
    /// x and y to the power n, at the cost of one. Without a branch on the bits of n, which are badly predicted: the product
    /// takes in a square or 1, which leaves it as it is.
    /// </summary>
    public static (double First, double Second) Powers(double x, double y, long n)
    {
        Vector128<double> one = Vector128.Create(1.0), result = one;
        for (Vector128<double> square = Vector128.Create(x, y); n > 0; n >>= 1)
        {
            result *= Vector128.ConditionalSelect(Vector128.Create(-(n & 1)).AsDouble(), square, one);
            square *= square;
        }

        return (result[0], result[1]);
    }

    /// <summary>
    /// x to the power y, both finite and 0 or above: e to y log x, but by squaring where that is short. Within 2 ulp,
    /// and one more for every 25 of |y log x|.
    /// </summary>
    public static double RealPower(double x, double y)
    {
        if (y <= 8 && y == Math.Floor(y))
            return Power(x, (long)y);
        if (x == 0)
            return 0;
        (double log, double rest) = LogPair(x);
        double product = y * log;
        if (product is < -746 or > 710)
            return Exp(product);
        return Exp(product, ProductRest(y, log, product) + y * rest);
    }

    /// <summary>e to the power x: 0 below -746, infinite above 710.</summary>
    public static double Exp(double x) => x switch
    {
        < -746 => 0,
        > 710 => double.PositiveInfinity,
        _ => Exp(x, 0),
    };

    /// <summary>The natural logarithm of a finite x above 0.</summary>
    public static double Log(double x) => LogPair(x).High;

    /// <summary>The cosine of pi x, for any finite x. The reduction is exact: so are the zeros and the ones.</summary>
    public static double CosPi(double x)
    {
        double r = Math.Abs(x);
        r -= 2 * Math.Floor(r / 2);
        if (r > 1)
            r = 2 - r;
        if (r > 0.5)
            return -CosPi(1 - r);
        return r <= 0.25 ? Taylor(Pi * r, 18) : SinPi(0.5 - r);
    }

    /// <summary>The sine of pi r, for r from 0 to 1/4.</summary>
    private static double SinPi(double r)
    {
        double y = Pi * r;
        double rest = ProductRest(Pi, r, y) + PiRest * r;
        return y * Taylor(y, 19) + rest * Taylor(y, 18);
    }

    /// <summary>
    /// 1 - y²/2! + y⁴/4! ... for an even last factor of the factorials, 1 - y²/3! + y⁴/5! ... for an odd one.
    /// </summary>
    private static double Taylor(double y, int last)
    {
        double square = y * y;
        double sum = 1;
        for (int i = last; i > 1; i -= 2)
            sum = 1 - sum * square / (i * (i - 1));
        return sum;
    }

    /// <summary>e to the power x + rest: 2^k times a Taylor sum on half the logarithm of 2.</summary>
    private static double Exp(double x, double rest)
    {
        double k = Math.Floor(x * 1.44269504088896340736 + 0.5);
        double r = x - k * Ln2High - k * Ln2Low + rest;
        double sum = 1;
        for (int i = 14; i > 0; i--)
            sum = 1 + sum * r / i;
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>
    /// The natural logarithm as a sum of two doubles, exact to about 2^-60 of its size, so that a power's large
    /// exponent does not magnify the rounding: k ln 2 plus the series of the inverse hyperbolic tangent.
    /// </summary>
    private static (double High, double Low) LogPair(double x)
    {
        int k = Math.ILogB(x);
        double f = Math.ScaleB(x, -k);
        if (f > 1.41421356237309504880)
        {
            f *= 0.5;
            k++;
        }

        double below = f + 1;
        double belowRest = f < 1 ? f - (below - 1) : 1 - (below - f);
        double s = (f - 1) / below;
        double product = s * below;
        double rest = (f - 1 - product - ProductRest(s, below, product) - s * belowRest) / below;
        double square = s * s;
        double series = 0;
        for (int i = 25; i > 1; i -= 2)
            series = (1.0 / i + series) * square;

        double whole = k * Ln2High;
        double high = whole + 2 * s;
        double lost = 2 * s - (high - whole);
        double low = lost + (k * Ln2Low + 2 * rest + 2 * s * series);
        double sum = high + low;
        return (sum, low - (sum - high));
    }

    /// <summary>
    /// What rounding took from a product, by halves of the factors whose products are exact (Dekker).
    /// </summary>
    private static double ProductRest(double a, double b, double product)
    {
        (double ah, double al) = Halves(a);
        (double bh, double bl) = Halves(b);
        return ah * bh - product + ah * bl + al * bh + al * bl;
    }

    private static (double High, double Low) Halves(double x)
    {
        double scaled = x * 134217729;
        double high = scaled - (scaled - x);
        return (high, x - high);
    }
}
