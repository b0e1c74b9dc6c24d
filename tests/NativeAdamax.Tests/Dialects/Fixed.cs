using System.Numerics;

namespace NativeAdamax.Tests.Dialects;

/// <summary>
/// Elementary functions in whole numbers with 256 bits after the point, from their series: the exact values of the
/// tests.
/// </summary>
internal static class Fixed
{
    private const int Bits = 256;

    public static readonly BigInteger One = BigInteger.One << Bits;
    public static readonly BigInteger Ln2 = 2 * InverseTangent(One / 3, -1);
    public static readonly BigInteger Pi = 16 * InverseTangent(One / 5, 1) - 4 * InverseTangent(One / 239, 1);

    /// <summary>A double, exactly; above 2^-200 or 0.</summary>
    public static BigInteger Of(double x)
    {
        int exponent = Math.ILogB(x == 0 ? 1 : x) - 52;
        return Shift(new BigInteger(Math.ScaleB(x, -exponent)), exponent + Bits);
    }

    public static BigInteger Multiply(BigInteger a, BigInteger b) => a * b >> Bits;

    /// <summary>The natural logarithm of a double above 0.</summary>
    public static BigInteger Log(double x)
    {
        int exponent = Math.ILogB(x);
        BigInteger mantissa = Of(Math.ScaleB(x, -exponent));
        return exponent * Ln2 + 2 * InverseTangent(((mantissa - One) << Bits) / (mantissa + One), -1);
    }

    /// <summary>e to the power x as a mantissa from 1 to 2 and an exponent of 2.</summary>
    public static (BigInteger Mantissa, int Exponent) Exp(BigInteger x)
    {
        int exponent = (int)Floor(x, Ln2);
        BigInteger r = x - exponent * Ln2;
        BigInteger sum = One, term = One;
        for (int i = 1; !term.IsZero; i++)
        {
            term = Multiply(term, r) / i;
            sum += term;
        }

        return (sum, exponent);
    }

    /// <summary>The cosine of pi x for x from 0 to 1.</summary>
    public static BigInteger CosPi(double x)
    {
        BigInteger angle = Multiply(Pi, Of(x));
        BigInteger square = Multiply(angle, angle);
        BigInteger sum = One, term = One;
        for (int i = 2; !term.IsZero; i += 2)
        {
            term = -Multiply(term, square) / (i * (i - 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>How many units in the last place of a result it lies from an exact value times 2^exponent.</summary>
    public static double UlpsFrom(BigInteger exact, int exponent, double result)
    {
        double scaled = Math.ScaleB(result, -exponent);
        BigInteger ulp = Of(Math.BitIncrement(Math.Abs(scaled))) - Of(Math.Abs(scaled));
        return (double)((BigInteger.Abs(Of(scaled) - exact) << 10) / ulp) / 1024;
    }

    /// <summary>
    /// x - x³/3 + x⁵/5 ... for a sign of 1 (the tangent's), all with plus for -1 (the hyperbolic tangent's).
    /// </summary>
    private static BigInteger InverseTangent(BigInteger x, int sign)
    {
        BigInteger square = Multiply(x, x);
        BigInteger sum = x, power = x;
        for (int i = 3; !power.IsZero; i += 2)
        {
            power = -sign * Multiply(power, square);
            sum += power / i;
        }

        return sum;
    }

    private static BigInteger Floor(BigInteger a, BigInteger b) => (a - ((a % b) + b) % b) / b;

    private static BigInteger Shift(BigInteger value, int bits) => bits >= 0 ? value << bits : value >> -bits;
}
