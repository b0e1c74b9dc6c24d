namespace NativeAdamax;

/// <summary>
/// How moments and averages are kept between steps (<see cref="OptimizerOptions.Precision"/>). Sums of gradients stay
/// float32. How weights are kept is the <see cref="Parameter"/>'s.
/// </summary>
public sealed record StatePrecision
{
    /// <summary>All float32, as without.</summary>
    public static StatePrecision Float32 { get; } = new();

    /// <summary>
    /// bfloat16. The second moment, Adamax's infinity norm and the average are rounded at random, since they would stick if
    /// they were rounded to nearest: v moves by a thousandth of itself at a step, less than half the distance of two such
    /// numbers.
    /// </summary>
    public static StatePrecision BFloat16 { get; } = new()
    {
        FirstMoment = StateFormat.BFloat16,
        SecondMoment = StateFormat.BFloat16Random,
        Average = StateFormat.BFloat16Random,
    };

    /// <summary>8 bits in blocks, companded; averages in bfloat16, rounded at random.</summary>
    public static StatePrecision EightBit { get; } = new()
    {
        FirstMoment = StateFormat.EightBit,
        SecondMoment = StateFormat.EightBit,
        Average = StateFormat.BFloat16Random,
    };

    /// <summary>The first moment, m. Default: float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public StateFormat FirstMoment
    {
        get;
        init => field = Check.Defined(value);
    }

    /// <summary>
    /// The second moment, v, or Adamax's infinity norm, u; and AMSGrad's maximum with it. Default: float32.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    /// <exception cref="ArgumentException">It is <see cref="StateFormat.FourBitDynamic"/>.</exception>
    public StateFormat SecondMoment
    {
        get;
        init => field = Check.Defined(value) != StateFormat.FourBitDynamic
            ? value
            : throw Refused(
                nameof(SecondMoment), value,
                "16 values over six powers of ten leave a second moment with zeros, by whose root the step is divided");
    }

    /// <summary>The average of the weights, where the options ask for one. Default: float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    /// <exception cref="ArgumentException">It is a format of 8 or 4 bits.</exception>
    public StateFormat Average
    {
        get;
        init => field = Check.Defined(value) < StateFormat.EightBit
            ? value
            : throw Refused(
                nameof(Average), value,
                "an average moves by a small part of its distance from the weights, which is below what such a format resolves");
    }

    /// <summary>
    /// Parameters with fewer elements keep moments of 8 or 4 bits in float32: they weigh little, and among them are those
    /// that need more. 0 or above. Default 4096.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long FewestQuantized
    {
        get;
        init => field = Check.AtLeast(value, 0);
    } = 4096;

    /// <summary>What random rounding is keyed by, beside the count of updates, the parameter and the element. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether anything is kept in another format than float32.</summary>
    internal bool IsReduced =>
        FirstMoment != StateFormat.Float32 || SecondMoment != StateFormat.Float32 || Average != StateFormat.Float32;

    private static ArgumentException Refused(string name, StateFormat value, string why) =>
        new($"{name} cannot be {value}: {why}.", name);
}
