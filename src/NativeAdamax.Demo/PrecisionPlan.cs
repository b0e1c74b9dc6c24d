using System.Globalization;

namespace NativeAdamax.Demo;

/// <summary>What a model's weights and gradients are numbers of.</summary>
internal enum ModelType
{
    Float32,
    BFloat16,
    Half,
}

/// <summary>What weights, gradients, moments and the average are kept in.</summary>
/// <param name="Choice">By which a user asks for it.</param>
/// <param name="Title">For people.</param>
internal sealed record PrecisionPlan(PrecisionChoice Choice, string Title)
{
    /// <summary>Every combination, float32 first.</summary>
    public static IReadOnlyList<PrecisionPlan> All { get; } =
    [
        new(PrecisionChoice.Float32, "all float32"),
        new(PrecisionChoice.Gradient, "gradients in bfloat16") { Gradient = ModelType.BFloat16 },
        new(PrecisionChoice.Moments, "moments in bfloat16, the second rounded at random")
        {
            State = new() { FirstMoment = StateFormat.BFloat16, SecondMoment = StateFormat.BFloat16Random },
        },
        new(PrecisionChoice.Average, "an average of the weights in bfloat16, which is what is tested")
        {
            State = new() { Average = StateFormat.BFloat16Random },
            Averages = true,
        },
        new(PrecisionChoice.EightBit, "moments in 8 bits, companded") { State = Moments(StateFormat.EightBit) },
        new(PrecisionChoice.Dynamic, "moments in 8 bits, by a table")
        {
            State = Moments(StateFormat.EightBitDynamic),
        },
        new(PrecisionChoice.FourBit, "first moment in 4 bits, second in 8")
        {
            State = Moments(StateFormat.EightBit) with { FirstMoment = StateFormat.FourBitDynamic },
        },
        OfBFloat16(PrecisionChoice.BFloat16, "a bfloat16 model, weights kept in float32", MasterWeights.Float32),
        new(PrecisionChoice.Half, "a binary16 model, weights kept in float32; the loss is scaled")
        {
            Model = ModelType.Half,
            Gradient = ModelType.Half,
            Master = MasterWeights.Float32,
        },
        OfBFloat16(PrecisionChoice.Rest16, "a bfloat16 model, 16 bits of weights beside it", MasterWeights.Rest16),
        OfBFloat16(PrecisionChoice.Rest8, "a bfloat16 model, 8 bits of weights beside it", MasterWeights.Rest8),
        OfBFloat16(PrecisionChoice.Random, "a bfloat16 model alone, rounded at random", MasterWeights.None),
        OfBFloat16(PrecisionChoice.Nearest, "a bfloat16 model alone, rounded to nearest", MasterWeights.Float32) with
        {
            Forgets = true,
        },
        OfBFloat16(PrecisionChoice.Small, "a bfloat16 model, 8 bits beside it, moments in 8 bits", MasterWeights.Rest8) with
        {
            State = Moments(StateFormat.EightBit),
        },
    ];

    /// <summary>What forward and backward pass read.</summary>
    public ModelType Model { get; init; }

    /// <summary>What is kept beside weights of 16 bits.</summary>
    public MasterWeights Master { get; init; }

    /// <summary>
    /// The model's weights are all that a step goes on from. The library keeps no weights that are rounded to nearest, for
    /// they stick: here what it keeps beside them is overwritten with them after every step.
    /// </summary>
    public bool Forgets { get; init; }

    /// <summary>What the backward pass hands over.</summary>
    public ModelType Gradient { get; init; }

    /// <summary>Moments and average. Small tensors too are in blocks here: what is shown is to be what the format does.</summary>
    public StatePrecision State { get; init; } = StatePrecision.Float32;

    /// <summary>Whether weights are averaged, and the average tested.</summary>
    public bool Averages { get; init; }

    /// <summary>Whether the loss is scaled, as gradients of a narrow range need it.</summary>
    public bool ScalesLoss => Gradient == ModelType.Half;

    /// <summary>Bytes of a weight, those beside it included.</summary>
    public double WeightBytes => Model == ModelType.Float32 ? 4
        : 2 + (Forgets ? 0 : Master switch
        {
            MasterWeights.Float32 => 4,
            MasterWeights.Rest16 => 2,
            MasterWeights.Rest8 => 1,
            _ => 0,
        });

    /// <summary>Bytes of an element of the gradient.</summary>
    public double GradientBytes => Gradient == ModelType.Float32 ? 4 : 2;

    /// <summary>Bytes of both moments of a weight, their blocks' scales included.</summary>
    public double MomentBytes => Bytes(State.FirstMoment) + Bytes(State.SecondMoment);

    /// <summary>Bytes of a weight's average.</summary>
    public double AverageBytes => Averages ? Bytes(State.Average) : 0;

    /// <summary>All bytes that are kept for a weight.</summary>
    public double TotalBytes => WeightBytes + GradientBytes + MomentBytes + AverageBytes;

    /// <summary>The bytes, and what they are for.</summary>
    public string Bill => string.Create(
        CultureInfo.InvariantCulture,
        $"{TotalBytes:0.##} bytes a parameter: weight {WeightBytes}, gradient {GradientBytes}, moments {MomentBytes:0.##}")
        + (Averages ? string.Create(CultureInfo.InvariantCulture, $", average {AverageBytes}") : "");

    /// <exception cref="ArgumentException">It is <see cref="PrecisionChoice.All"/>.</exception>
    public static PrecisionPlan Of(PrecisionChoice choice) => All.FirstOrDefault(plan => plan.Choice == choice)
        ?? throw new ArgumentException($"{choice} is not one plan.", nameof(choice));

    private static StatePrecision Moments(StateFormat format) =>
        new() { FirstMoment = format, SecondMoment = format, FewestQuantized = 0 };

    private static PrecisionPlan OfBFloat16(PrecisionChoice choice, string title, MasterWeights master) =>
        new(choice, title) { Model = ModelType.BFloat16, Gradient = ModelType.BFloat16, Master = master };

    private static double Bytes(StateFormat format) => format switch
    {
        StateFormat.Float32 => 4,
        StateFormat.BFloat16 or StateFormat.BFloat16Random => 2,
        StateFormat.FourBitDynamic => 0.5 + ScaleBytes,
        _ => 1 + ScaleBytes,
    };

    private const double ScaleBytes = 4.0 / 256;
}
