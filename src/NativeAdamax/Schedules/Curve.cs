using NativeAdamax.Dialects;

namespace NativeAdamax.Schedules;

/// <summary>The shapes that the systems share, over a progress x from 0 to 1.</summary>
internal static class Curve
{
    /// <summary>The part c / steps of a transition, held at 0 before it and at 1 after it.</summary>
    public static double Progress(long c, long steps) => (double)Math.Clamp(c, 0, steps) / steps;

    /// <summary>count / steps, rounded down in a staircase: from 0 up.</summary>
    public static double Decays(long count, long steps, bool staircase) =>
        staircase ? count / steps : (double)count / steps;

    /// <summary>
    /// to + (from - to) * share, in the form that is exact at both ends and never beyond them: share is 1 at first and
    /// 0 in the end.
    /// </summary>
    public static double Mix(double from, double to, double share) => from * share + to * (1 - share);

    public static double Linear(double from, double to, double x) => Mix(from, to, 1 - x);

    /// <summary>to + (from - to) * (1 - x)^power.</summary>
    public static double Polynomial(double from, double to, double x, double power) =>
        Mix(from, to, FixedMath.RealPower(1 - x, power));

    /// <summary>to + (from - to) * (1 + cos(pi x)) / 2.</summary>
    public static double Cosine(double from, double to, double x) => Mix(from, to, CosineShare(x));

    /// <summary>(1 + cos(pi x)) / 2; in the second half as cos²(pi x / 2), where 1 + cos would cancel.</summary>
    public static double CosineShare(double x)
    {
        if (x <= 0.5)
            return (1 + FixedMath.CosPi(x)) / 2;
        double half = FixedMath.CosPi(x / 2);
        return half * half;
    }
}
