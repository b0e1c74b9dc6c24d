namespace NativeAdamax.Dialects;

/// <summary>
/// Powers and exponentials as fixed sequences of double operations. Those of the platform's C library differ between
/// libraries in their last bits; these are the same everywhere, and within a few ulp of the exact value.
/// </summary>
internal static class FixedMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>x to the power n, by squaring. n at least 0.</summary>
    public static double Power(double x, long n)
    {
        double result = 1;
        for (double square = x; n > 0; n >>= 1)
        {
            if ((n & 1) != 0)
                result *= square;
            square *= square;
        }

        return result;
    }

    /// <summary>e to the power x, for x from -700 to 700: 2^k times a Taylor sum on half the logarithm of 2.</summary>
    public static double Exp(double x)
    {
        double k = Math.Floor(x * 1.44269504088896340736 + 0.5);
        double r = x - k * Ln2High - k * Ln2Low;
        double sum = 1;
        for (int i = 14; i > 0; i--)
            sum = 1 + sum * r / i;
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>The natural logarithm of a normal x above 0: k ln 2 plus the series of the inverse hyperbolic tangent.</summary>
    public static double Log(double x)
    {
        int k = Math.ILogB(x);
        double f = Math.ScaleB(x, -k);
        if (f > 1.41421356237309504880)
        {
            f *= 0.5;
            k++;
        }

        double s = (f - 1) / (f + 1);
        double square = s * s;
        double sum = 0;
        for (int i = 25; i > 0; i -= 2)
            sum = 1.0 / i + square * sum;
        return k * Ln2High + (k * Ln2Low + 2 * s * sum);
    }
}
