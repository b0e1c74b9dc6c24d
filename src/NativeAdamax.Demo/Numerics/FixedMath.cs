namespace NativeAdamax.Demo.Numerics;

/// <summary>
/// Elementary functions as fixed sequences of double additions, multiplications and divisions. Those of
/// <see cref="Math"/> come from the platform's C library and differ in their last bits, which would change the
/// hash of the trained weights from machine to machine.
/// </summary>
internal static class FixedMath
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts: the first has 21 trailing zero bits, so that k times it is exact.
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;

    /// <summary>e to the power x, within 2 ulp; 0 below -708 and infinite above 709.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x) || x > 709)
            return x + double.PositiveInfinity;
        if (x < -708)
            return 0;
        double k = Math.Round(x * Log2E);
        double r = x - (k * Ln2High) - (k * Ln2Low);

        // Taylor's polynomial by Horner: |r| <= 0.35, so that the first term left out is below 1e-17.
        double sum = 1;
        for (int n = 14; n >= 1; n--)
            sum = 1 + (sum * r / n);
        return sum * BitConverter.Int64BitsToDouble(((long)k + 1023) << 52);
    }

    /// <summary>The natural logarithm of a positive normal number, within 2 ulp.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is not so, or infinite.</exception>
    public static double Log(double x)
    {
        if (!(x > 0) || !double.IsNormal(x))
            throw new ArgumentOutOfRangeException(nameof(x), x, "Log takes a positive normal number.");
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh(z) with z = (m-1)/(m+1), |z| <= 0.172.
        double z = (mantissa - 1) / (mantissa + 1);
        double square = z * z;
        double sum = 0;
        for (int n = 25; n >= 1; n -= 2)
            sum = (sum * square) + (1.0 / n);
        return (exponent * Ln2High) + ((2 * z * sum) + (exponent * Ln2Low));
    }

    /// <summary>The decibels of a ratio of powers.</summary>
    public static double Decibels(double powerRatio) => Log(powerRatio) * (10 / 2.302585092994046);

    /// <summary>The sine of an angle in turns (1 is the full circle), for |turns| up to 2^51.</summary>
    public static double SinTurns(double turns)
    {
        // Exact reduction to a quarter turn either side of zero, by the symmetry sin(pi - a) = sin(a).
        double t = turns - Math.Round(turns);
        if (t > 0.25)
            t = 0.5 - t;
        else if (t < -0.25)
            t = -0.5 - t;
        double angle = t * (2 * Math.PI);
        double square = angle * angle;
        double sum = 1;
        for (int n = 22; n >= 2; n -= 2)
            sum = 1 - (sum * square / (n * (n + 1)));
        return angle * sum;
    }

    /// <summary>The cosine of an angle in turns (1 is the full circle), for |turns| up to 2^51.</summary>
    public static double CosTurns(double turns) => SinTurns((turns - Math.Round(turns)) + 0.25);
}
