using NativeAdamax.Scaling;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>
/// The library's optimizer for the settings of the reference, every hyper-parameter given explicitly.
/// </summary>
internal static class OptimizerFactory
{
    /// <summary>What all tensors of one optimizer share.</summary>
    public sealed record Shared
    {
        public BackendSelection? Backend { get; init; }

        public int Threads { get; init; } = 1;

        public bool ZeroGradients { get; init; }

        /// <summary>In the place of the settings' number, if it is not null.</summary>
        public LearningRate? LearningRate { get; init; }
    }

    public static Dialect DialectOf(Peer peer) => peer switch
    {
        Peer.Keras => Dialect.Keras,
        Peer.TfKeras => Dialect.TfKeras,
        Peer.MXNet => Dialect.MXNet,
        Peer.Optax => Dialect.Optax,
        Peer.Torch => Dialect.PyTorch,
        _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "unknown peer"),
    };

    /// <summary>One optimizer; a group for every run of tensors with settings of their own.</summary>
    public static Optimizer Create(
        IReadOnlyList<Parameter> parameters, IReadOnlyList<ReferenceSettings> settings, Shared? shared = null)
    {
        shared ??= new();
        if (settings.Distinct().Count() == 1)
            return Create(parameters, settings[0], shared);
        ParameterGroup[] groups =
            [.. parameters.Select((p, k) => new ParameterGroup([p], Options(settings[k], shared) with { LossScale = null }))];
        return settings[0].Algorithm switch
        {
            Algorithm.Adam => new Adam(groups, (AdamOptions)Options(settings[0], shared)),
            Algorithm.AdamW => new AdamW(groups, (AdamWOptions)Options(settings[0], shared)),
            Algorithm.Adamax => new Adamax(groups, (AdamaxOptions)Options(settings[0], shared)),
            _ => new Nadam(groups, (NadamOptions)Options(settings[0], shared)),
        };
    }

    public static Optimizer Create(
        IReadOnlyList<Parameter> parameters, ReferenceSettings settings, Shared? shared = null) =>
        Create(parameters, Options(settings, shared ?? new()));

    public static Optimizer Create(IReadOnlyList<Parameter> parameters, OptimizerOptions options) => options switch
    {
        AdamOptions adam => new Adam(parameters, adam),
        AdamWOptions adamW => new AdamW(parameters, adamW),
        AdamaxOptions adamax => new Adamax(parameters, adamax),
        NadamOptions nadam => new Nadam(parameters, nadam),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options, "unknown options"),
    };

    public static OptimizerOptions Options(ReferenceSettings s, Shared shared)
    {
        OptimizerOptions options = s.Algorithm switch
        {
            Algorithm.Adam => new AdamOptions
            {
                AmsGrad = s.AmsGrad,
                AdaptiveEpsilon = s.Peer == Peer.TfKeras ? s.AdaptiveEpsilon : null,
                EpsilonRoot = s.EpsilonRoot,
                Nesterov = s.Nesterov,
            },
            Algorithm.AdamW => new AdamWOptions { AmsGrad = s.AmsGrad },
            Algorithm.Adamax => new AdamaxOptions(),
            _ => new NadamOptions { MomentumDecay = s.Peer is Peer.Torch or Peer.MXNet ? s.MomentumDecay : null },
        };
        return options with
        {
            Dialect = DialectOf(s.Peer),
            LearningRate = shared.LearningRate ?? s.LearningRate,
            Beta1 = s.Beta1,
            Beta2 = s.Beta2,
            Epsilon = s.Epsilon,
            WeightDecay = s.WeightDecay,
            ClipValue = double.IsPositiveInfinity(s.ClipValue) ? null : s.ClipValue,
            Maximize = s.Maximize,
            ClipNorm = double.IsPositiveInfinity(s.ClipNorm) ? null : s.ClipNorm,
            GlobalClipNorm = double.IsPositiveInfinity(s.GlobalClipNorm) ? null : s.GlobalClipNorm,
            AccumulationSteps = s.AccumulationSteps,
            LossScale = s.LossScale == 1 ? null : LossScale.Fixed(s.LossScale),
            Ema = s.EmaMomentum is { } momentum
                ? new EmaOptions { Momentum = momentum, OverwriteFrequency = s.EmaOverwrite } : null,
            Precision = s.RoundsFirstMoment ? new StatePrecision { FirstMoment = StateFormat.BFloat16 } : null,
            ZeroGradients = shared.ZeroGradients,
            MaxDegreeOfParallelism = shared.Threads,
            Backend = shared.Backend,
        };
    }
}
