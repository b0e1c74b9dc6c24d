using System.Text.Json.Serialization;

namespace NativeAdamax.Checkpoints;

/// <summary>All that a run is beside its tensors, as it stands in the metadata.</summary>
internal sealed record RunState
{
    /// <summary>Adam, AdamW, ...</summary>
    public required string Optimizer { get; init; }

    public required Dialect Dialect { get; init; }

    public required RunCounts Counts { get; init; }

    /// <summary>Calls of one update; 0: a function says how many.</summary>
    public required int AccumulationSteps { get; init; }

    public AverageValues? Average { get; init; }

    public LossScaleValues? LossScale { get; init; }

    /// <summary>How moments and averages are kept; null: in float32.</summary>
    public PrecisionValues? Precision { get; init; }

    /// <summary>Of the optimizer, with every null that has a default replaced.</summary>
    public required OptionValues Options { get; init; }

    public required GroupValues[] Groups { get; init; }

    public required ParameterValues[] Parameters { get; init; }

    /// <summary>What JSON may leave out within lists.</summary>
    [JsonIgnore]
    public bool HasNulls =>
        Parameters.Contains(null!)
        || Array.Exists(Groups, g => g is null || g.Parameters.Contains(null!) || g.Schedules?.Contains(null!) == true);
}

/// <summary>Calls and updates, and what scales every gradient.</summary>
internal sealed record RunCounts
{
    public required long StepCount { get; init; }

    public required long CallCount { get; init; }

    /// <summary>Calls of the update under way.</summary>
    public required int CallsOfUpdate { get; init; }

    public required long NonFiniteInARow { get; init; }

    public required long NonFiniteCount { get; init; }

    public required double GradientScale { get; init; }
}

/// <summary>A moving average of the weights.</summary>
internal sealed record AverageValues
{
    public required double Momentum { get; init; }

    public required bool CopyAtFirstUpdate { get; init; }

    public int OverwriteFrequency { get; init; }

    public bool ZeroDebias { get; init; }

    public bool WarmUp { get; init; }

    /// <summary>How it is kept; null: in float32.</summary>
    public StateFormat? Format { get; init; }

    /// <summary>Of random rounding; null: 0.</summary>
    public ulong? Seed { get; init; }

    public required long Updates { get; init; }

    public required long WeightUpdates { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A count is out of its range.</exception>
    public void Check()
    {
        NativeAdamax.Check.Count(Updates, nameof(Updates));
        NativeAdamax.Check.Count(WeightUpdates, nameof(WeightUpdates));
    }
}

/// <summary>How moments and averages are kept, and what random rounding is keyed by. Null: in float32, and 0.</summary>
internal sealed record PrecisionValues
{
    public StateFormat? FirstMoment { get; init; }

    public StateFormat? SecondMoment { get; init; }

    public StateFormat? Average { get; init; }

    public ulong? Seed { get; init; }
}

/// <summary>A loss scale; what is null a fixed one does not have.</summary>
internal sealed record LossScaleValues
{
    public required double Scale { get; init; }

    public Dialect? Dynamic { get; init; }

    /// <summary>The scale of the step after the next, where a change takes effect one step later.</summary>
    public double? Next { get; init; }

    public long? FiniteSteps { get; init; }

    public double? Growth { get; init; }

    public double? Backoff { get; init; }

    public int? GrowthInterval { get; init; }

    public double? Least { get; init; }

    public double? Most { get; init; }
}

/// <summary>A group of parameters.</summary>
internal sealed record GroupValues
{
    /// <summary>Its parameters' names, in order.</summary>
    public required string[] Parameters { get; init; }

    /// <summary>What holds for it.</summary>
    public required OptionValues Options { get; init; }

    /// <summary>What it has of its own; null: nothing.</summary>
    public OptionValues? Own { get; init; }

    /// <summary>What the schedules of its learning rate remember, from the outermost inwards.</summary>
    public ScheduleValues[]? Schedules { get; init; }
}

/// <summary>What a schedule remembers.</summary>
internal sealed record ScheduleValues
{
    /// <summary>Its type.</summary>
    public required string Kind { get; init; }

    public required Dictionary<string, double> Memory { get; init; }
}

/// <summary>What a parameter has beside its tensors.</summary>
internal sealed record ParameterValues
{
    public required string Name { get; init; }

    /// <summary>Null: 1.</summary>
    public double? RateFactor { get; init; }

    /// <summary>Null: 1.</summary>
    public double? DecayFactor { get; init; }

    /// <summary>Null: no.</summary>
    public bool? ExcludedFromDecay { get; init; }

    /// <summary>Null: no.</summary>
    public bool? Frozen { get; init; }

    /// <summary>Whether its sum of gradients has some since the last update; null: no.</summary>
    public bool? HasGradientSum { get; init; }

    /// <summary>Norms that its history has taken in.</summary>
    public long? Norms { get; init; }
}

/// <summary>How they are written and read; twice the same key is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(AverageValues))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class RunStateJson : JsonSerializerContext;
