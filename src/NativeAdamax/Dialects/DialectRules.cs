using NativeAdamax.Clipping;

namespace NativeAdamax.Dialects;

/// <summary>When a moving average of weights starts.</summary>
internal enum AverageStart
{
    /// <summary>The first update copies the weights.</summary>
    CopyAtFirstUpdate,

    /// <summary>The weights at construction are the first average.</summary>
    WeightsAtConstruction,
}

/// <summary>One row a system: its defaults and its switches. <see cref="Recipe"/> has the formulas they switch.</summary>
internal sealed record DialectRules
{
    public required Dialect Dialect { get; init; }

    /// <summary>Defaults. A null learning rate must be given by the user.</summary>
    public double? LearningRate { get; init; } = 0.001;

    public double? AdamaxLearningRate { get; init; } = 0.001;

    public double? NadamLearningRate { get; init; } = 0.001;

    public required double Epsilon { get; init; }

    public double? AdamWEpsilon { get; init; }

    public required double AdamWDecay { get; init; }

    public required WeightDecayForm DecayForm { get; init; }

    public required WeightDecayForm AdamWDecayForm { get; init; }

    /// <summary>Epsilon is added to the root of the corrected second moment (Algorithm 1), not of the raw one (epsilon hat).</summary>
    public required bool EpsilonAfterCorrection { get; init; }

    /// <summary>Adamax: epsilon stands inside the maximum, not in the denominator.</summary>
    public required bool EpsilonInsideMaximum { get; init; }

    /// <summary>AMSGrad keeps the maximum of the corrected second moment, not of the raw one.</summary>
    public bool CorrectedMaximum { get; init; }

    /// <summary>Nadam: psi in 0.96^(t * psi); null for the form without a momentum schedule.</summary>
    public required double? MomentumDecay { get; init; }

    /// <summary>A parameter without a gradient is not counted as updated; otherwise one count serves all.</summary>
    public required bool CountsPerParameter { get; init; }

    /// <summary>A step in which no parameter has a gradient is an error; otherwise nothing happens.</summary>
    public required bool NeedsGradient { get; init; }

    public required ClipFormula ClipFormula { get; init; }

    /// <summary>Optimizers take gradients by rows without being told what they mean.</summary>
    public bool TakesRows { get; init; } = true;

    /// <summary>At most one of the clip options may be given.</summary>
    public bool OneClip { get; init; }

    /// <summary>Learning rates and averages move with every call, also where calls accumulate gradients.</summary>
    public bool SeesEveryCall { get; init; }

    /// <summary>
    /// Learning rates see the largest of all parameters' update counts, with the update under way; otherwise the updates
    /// before it.
    /// </summary>
    public bool CountsRatesByParameter { get; init; }

    /// <summary>
    /// An update takes the sums also of parameters that have no gradient in its last call, as a .grad that adds up does;
    /// otherwise they are dropped.
    /// </summary>
    public bool KeepsSumsOfMissing { get; init; }

    public required AverageStart AverageStart { get; init; }

    public double AverageMomentum { get; init; } = 0.99;

    /// <summary>Averages move at every step, also those of parameters without a gradient.</summary>
    public bool AveragesAll { get; init; } = true;

    /// <summary>An infinite second moment stays infinite; otherwise the next step makes it NaN.</summary>
    public required bool KeepsInfiniteMoment { get; init; }

    public static DialectRules Of(Dialect dialect) => dialect switch
    {
        Dialect.Keras => Keras,
        Dialect.TfKeras => TfKeras,
        Dialect.MXNet => MXNet,
        Dialect.Optax => Optax,
        Dialect.PyTorch => PyTorch,
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect,
            $"Dialect must be one of {string.Join(", ", Enum.GetNames<Dialect>())}."),
    };

    private static readonly DialectRules Keras = new()
    {
        Dialect = Dialect.Keras,
        Epsilon = 1e-7,
        AdamWDecay = 0.004,
        DecayForm = WeightDecayForm.Decoupled,
        AdamWDecayForm = WeightDecayForm.Decoupled,
        EpsilonAfterCorrection = false,
        EpsilonInsideMaximum = false,
        MomentumDecay = 1,
        CountsPerParameter = false,
        NeedsGradient = true,
        ClipFormula = ClipFormula.Keras,
        OneClip = true,
        SeesEveryCall = true,
        AverageStart = AverageStart.CopyAtFirstUpdate,
        KeepsInfiniteMoment = false,
    };

    private static readonly DialectRules TfKeras = Keras with
    {
        Dialect = Dialect.TfKeras,
        AverageStart = AverageStart.WeightsAtConstruction,
        AveragesAll = false,
    };

    private static readonly DialectRules PyTorch = new()
    {
        Dialect = Dialect.PyTorch,
        AdamaxLearningRate = 0.002,
        NadamLearningRate = 0.002,
        Epsilon = 1e-8,
        AdamWDecay = 0.01,
        DecayForm = WeightDecayForm.Coupled,
        AdamWDecayForm = WeightDecayForm.Decoupled,
        EpsilonAfterCorrection = true,
        EpsilonInsideMaximum = true,
        MomentumDecay = 0.004,
        TakesRows = false,
        CountsPerParameter = true,
        NeedsGradient = false,
        KeepsSumsOfMissing = true,
        ClipFormula = ClipFormula.PyTorch,
        AverageStart = AverageStart.CopyAtFirstUpdate,
        AverageMomentum = 0.999,
        KeepsInfiniteMoment = true,
    };

    private static readonly DialectRules MXNet = PyTorch with
    {
        Dialect = Dialect.MXNet,
        TakesRows = true,
        ClipFormula = ClipFormula.MXNet,
        NadamLearningRate = 0.001,
        AdamWEpsilon = 1e-6,
        AdamWDecay = 0,
        AdamWDecayForm = WeightDecayForm.DecoupledCorrectedRate,
        EpsilonAfterCorrection = false,
        EpsilonInsideMaximum = false,
        CountsRatesByParameter = true,
    };

    private static readonly DialectRules Optax = PyTorch with
    {
        Dialect = Dialect.Optax,
        TakesRows = true,
        ClipFormula = ClipFormula.Optax,
        LearningRate = null,
        AdamaxLearningRate = null,
        NadamLearningRate = null,
        AdamWDecay = 1e-4,
        DecayForm = WeightDecayForm.Decoupled,
        KeepsSumsOfMissing = false,
        CorrectedMaximum = true,
        MomentumDecay = null,
        CountsPerParameter = false,
    };
}
