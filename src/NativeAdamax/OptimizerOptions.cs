using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>What every optimizer can be told. A null means the default of the dialect.</summary>
public abstract record OptimizerOptions
{
    /// <summary>The system whose defaults and semantics are followed. Default: Keras.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public Dialect Dialect
    {
        get;
        init => field = Check.Defined(value);
    }

    /// <summary>
    /// A number or a function. Null: 0.001, or for Adamax and Nadam of PyTorch and Adamax of MXNet 0.002; optax has no
    /// default and asks for one.
    /// </summary>
    public LearningRate? LearningRate { get; init; }

    /// <summary>Decay of the first moment, 0 up to but not including 1. Null: 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range or NaN.</exception>
    public double? Beta1
    {
        get;
        init => field = value is { } given ? Check.Beta(given) : null;
    }

    /// <summary>Decay of the second moment or the infinity norm, 0 up to but not including 1. Null: 0.999.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range or NaN.</exception>
    public double? Beta2
    {
        get;
        init => field = value is { } given ? Check.Beta(given) : null;
    }

    /// <summary>
    /// Keeps the denominator from zero; 0 or above. Where it stands is the dialect's. Null: 1e-7 for Keras and tf_keras,
    /// 1e-6 for MXNet's AdamW, otherwise 1e-8.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is negative, infinite or NaN, or above 0 and 0 as a float.
    /// </exception>
    public double? Epsilon
    {
        get;
        init => field = value is { } given ? Check.Epsilon(given) : null;
    }

    /// <summary>
    /// Weight decay, 0 or above; not multiplied by the learning rate. Null: none, but for AdamW 0.004 for Keras and
    /// tf_keras, 0.01 for PyTorch, 0.0001 for optax, none for MXNet.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public double? WeightDecay
    {
        get;
        init => field = value is { } given ? Check.NotNegative(given) : null;
    }

    /// <summary>How weight decay enters. Null: as the dialect's optimizer of this name does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the enumeration.</exception>
    public WeightDecayForm? WeightDecayForm
    {
        get;
        init => field = value is { } given ? Check.Defined(given) : null;
    }

    /// <summary>Gradient elements are clipped to plus and minus this; above 0. Null: not at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, also as a float, negative or NaN.</exception>
    public double? ClipValue
    {
        get;
        init => field = value is { } given ? Check.Positive(given) : null;
    }

    /// <summary>Climb instead of descend.</summary>
    public bool Maximize { get; init; }

    /// <summary>Set the gradients to zero in the same pass over memory that reads them.</summary>
    public bool ZeroGradients { get; init; }

    /// <summary>Average the weights in the same pass. Null: no average.</summary>
    public EmaOptions? Ema { get; init; }

    /// <summary>Threads of one step at most; 0 for as many as there are processors. The results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        init => field = value >= 0 ? value : throw Check.OutOfRange(value, nameof(MaxDegreeOfParallelism), "0 or above");
    }

    /// <summary>The kernels to use. Null: <see cref="Backend.Info"/>'s. The results do not depend on it.</summary>
    public BackendSelection? Backend { get; init; }

    internal abstract Algorithm Algorithm { get; }

    internal DialectRules Rules => DialectRules.Of(Dialect);

    /// <summary>These options with every null that has a default replaced by it.</summary>
    /// <exception cref="ArgumentException">The dialect has no default learning rate and none is given.</exception>
    internal virtual OptimizerOptions Resolve()
    {
        DialectRules rules = Rules;
        bool adamW = Algorithm == Algorithm.AdamW;
        double? rate = Algorithm switch
        {
            Algorithm.Adamax => rules.AdamaxLearningRate,
            Algorithm.Nadam => rules.NadamLearningRate,
            _ => rules.LearningRate,
        };
        if (LearningRate is null && rate is null)
            throw new ArgumentException($"{Dialect} has no default learning rate: give LearningRate.", nameof(LearningRate));
        return this with
        {
            LearningRate = LearningRate ?? rate!.Value,
            Beta1 = Beta1 ?? 0.9,
            Beta2 = Beta2 ?? 0.999,
            Epsilon = Epsilon ?? (adamW ? rules.AdamWEpsilon : null) ?? rules.Epsilon,
            WeightDecay = WeightDecay ?? (adamW ? rules.AdamWDecay : 0),
            WeightDecayForm = WeightDecayForm ?? (adamW ? rules.AdamWDecayForm : rules.DecayForm),
        };
    }

    /// <summary>These options of a group with every null replaced by the optimizer's value.</summary>
    internal virtual OptimizerOptions Inherit(OptimizerOptions optimizer) => this with
    {
        LearningRate = LearningRate ?? optimizer.LearningRate,
        Beta1 = Beta1 ?? optimizer.Beta1,
        Beta2 = Beta2 ?? optimizer.Beta2,
        Epsilon = Epsilon ?? optimizer.Epsilon,
        WeightDecay = WeightDecay ?? optimizer.WeightDecay,
        WeightDecayForm = WeightDecayForm ?? optimizer.WeightDecayForm,
        ClipValue = ClipValue ?? optimizer.ClipValue,
    };

    /// <summary>The numbers that the engine computes with, of resolved options.</summary>
    internal virtual Recipe ToRecipe() => new()
    {
        Rules = Rules,
        Algorithm = Algorithm,
        Beta1 = Beta1!.Value,
        Beta2 = Beta2!.Value,
        Epsilon = Epsilon!.Value,
        WeightDecay = WeightDecay!.Value,
        DecayForm = WeightDecayForm!.Value,
        ClipValue = ClipValue ?? double.PositiveInfinity,
        Maximize = Maximize,
        ZeroGradients = ZeroGradients,
        EpsilonAfterCorrection = Rules.EpsilonAfterCorrection,
    };
}
