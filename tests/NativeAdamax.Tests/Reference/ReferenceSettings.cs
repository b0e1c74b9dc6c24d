namespace NativeAdamax.Tests.Reference;

/// <summary>The optimizer systems whose recurrences the reference follows.</summary>
internal enum Peer
{
    Keras,
    TfKeras,
    MXNet,
    Optax,
    Torch,
}

internal enum Algorithm
{
    Adam,
    AdamW,
    Adamax,
    Nadam,
}

/// <summary>
/// Hyper-parameters of one tensor, every one of them explicit: the reference knows no defaults of its own.
/// </summary>
internal sealed record ReferenceSettings
{
    public required Peer Peer { get; init; }
    public required Algorithm Algorithm { get; init; }
    public required double LearningRate { get; init; }
    public double Beta1 { get; init; } = 0.9;
    public double Beta2 { get; init; } = 0.999;
    public required double Epsilon { get; init; }
    public double WeightDecay { get; init; }
    public double GradientScale { get; init; } = 1;
    public double ClipValue { get; init; } = double.PositiveInfinity;
    public double ClipNorm { get; init; } = double.PositiveInfinity;
    public bool Maximize { get; init; }
    public bool AmsGrad { get; init; }
    public bool AdaptiveEpsilon { get; init; }
    public bool Nesterov { get; init; }
    public double EpsilonRoot { get; init; }
    public double MomentumDecay { get; init; } = 0.004;
    public bool FusedStep { get; init; }
    public double? EmaMomentum { get; init; }
    public int EmaOverwrite { get; init; }
    public double GlobalClipNorm { get; init; } = double.PositiveInfinity;
    public int AccumulationSteps { get; init; } = 1;
    public double LossScale { get; init; } = 1;

    /// <summary>The first moment is stored in bfloat16.</summary>
    public bool RoundsFirstMoment { get; init; }

    /// <summary>And optax rounds beta1 and its product with that moment too: a number takes the type of its array in JAX.</summary>
    public bool RoundsDecayedMoment { get; init; }
}
