using System.Runtime.CompilerServices;

namespace NativeAdamax;

/// <summary>The ranges of hyper-parameters, one rule each.</summary>
internal static class Check
{
    public const long MostSteps = 1L << 62;

    public static double LearningRate(double value, string name = "LearningRate") =>
        NotNegative(value, name);

    /// <summary>beta1, beta2, a momentum that must forget: 0 up to, but not including, 1.</summary>
    public static double Beta(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and < 1 ? value : throw OutOfRange(value, name, "0 or above and below 1");

    public static double Momentum(double value, [CallerMemberName] string name = "") => Fraction(value, name);

    public static double Fraction(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and <= 1 ? value : throw OutOfRange(value, name, "from 0 to 1");

    public static double NotNegative(double value, [CallerMemberName] string name = "") =>
        value >= 0 && float.IsFinite((float)value)
            ? value
            : throw OutOfRange(value, name, "finite, also as a float, and 0 or above");

    /// <summary>A number above 0 that rounds to 0 would leave a quotient 0 / 0 that its user meant to avoid.</summary>
    public static double Epsilon(double value, [CallerMemberName] string name = "") =>
        value == 0 || (value > 0 && (float)value > 0)
            ? NotNegative(value, name)
            : throw OutOfRange(value, name, "0, or above 0 also as a float");

    public static double GradientScale(double value, [CallerMemberName] string name = "") =>
        float.IsFinite((float)value) ? value : throw OutOfRange(value, name, "finite, also as a float");

    public static double Positive(double value, [CallerMemberName] string name = "") =>
        value > 0 && (float)value > 0 ? value : throw OutOfRange(value, name, "above 0, also as a float");

    public static double PositiveFinite(double value, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw OutOfRange(value, name, "finite and above 0");

    /// <summary>A count, or a number of steps.</summary>
    public static long AtLeast(long value, long least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw OutOfRange(value, name, $"{least} or above");

    /// <summary>Steps or updates so far: however many more are done, they do not overflow.</summary>
    public static long Count(long value, [CallerMemberName] string name = "") =>
        value is >= 0 and <= MostSteps ? value : throw OutOfRange(value, name, "from 0 to 2^62");

    public static T Defined<T>(T value, [CallerMemberName] string name = "")
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw OutOfRange(value, name, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public static ArgumentOutOfRangeException OutOfRange(object value, string name, string range) =>
        new(name, value, $"{name} must be {range}.");
}
