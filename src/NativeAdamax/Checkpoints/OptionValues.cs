namespace NativeAdamax.Checkpoints;

/// <summary>The options of an optimizer or group that are numbers and may change while training. Null: not given.</summary>
internal sealed record OptionValues
{
    public double? LearningRate { get; init; }

    /// <summary>The type of the function or schedule that stands in the place of a number.</summary>
    public string? LearningRateRule { get; init; }

    public double? Beta1 { get; init; }

    public double? Beta2 { get; init; }

    public double? Epsilon { get; init; }

    public double? WeightDecay { get; init; }

    public WeightDecayForm? WeightDecayForm { get; init; }

    public double? ClipValue { get; init; }

    public double? ClipNorm { get; init; }

    public double? GlobalClipNorm { get; init; }

    public int? ClipPercentile { get; init; }

    public double? MaxUpdateNorm { get; init; }

    public bool? SkipNonFinite { get; init; }

    public int? MaxConsecutiveSkips { get; init; }

    public bool? BiasCorrection { get; init; }

    public bool? Maximize { get; init; }

    public SparseMode? SparseMode { get; init; }

    public double? MomentumDecay { get; init; }

    public bool? AmsGrad { get; init; }

    public bool? AdaptiveEpsilon { get; init; }

    public double? EpsilonRoot { get; init; }

    public bool? Nesterov { get; init; }

    public static OptionValues Of(OptimizerOptions options)
    {
        AdamFamilyOptions? adam = options as AdamFamilyOptions;
        return new OptionValues
        {
            LearningRate = options.LearningRate is NativeAdamax.LearningRate.Number number ? number.At(0) : null,
            LearningRateRule = options.LearningRate is null or NativeAdamax.LearningRate.Number
                ? null
                : options.LearningRate.GetType().FullName!,
            Beta1 = options.Beta1,
            Beta2 = options.Beta2,
            Epsilon = options.Epsilon,
            WeightDecay = options.WeightDecay,
            WeightDecayForm = options.WeightDecayForm,
            ClipValue = options.ClipValue,
            ClipNorm = options.ClipNorm,
            GlobalClipNorm = options.GlobalClipNorm,
            ClipPercentile = options.ClipPercentile,
            MaxUpdateNorm = options.MaxUpdateNorm,
            SkipNonFinite = options.SkipNonFinite ? true : null,
            MaxConsecutiveSkips = options.MaxConsecutiveSkips,
            BiasCorrection = options.BiasCorrection,
            Maximize = options.Maximize,
            SparseMode = options.SparseMode,
            MomentumDecay = (options as NadamOptions)?.MomentumDecay,
            AmsGrad = adam?.AmsGrad,
            AdaptiveEpsilon = adam?.AdaptiveEpsilon,
            EpsilonRoot = adam?.EpsilonRoot,
            Nesterov = adam?.Nesterov,
        };
    }

    /// <summary>Options with these numbers. A rule that is no number stays, and so does what is laid out.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public OptimizerOptions ApplyTo(OptimizerOptions options)
    {
        bool isNumber = options.LearningRate is null or NativeAdamax.LearningRate.Number;
        options = options with
        {
            LearningRate = isNumber && LearningRateRule is null
                ? LearningRate is { } number ? NativeAdamax.LearningRate.FromDouble(number) : null
                : options.LearningRate,
            Beta1 = Beta1,
            Beta2 = Beta2,
            Epsilon = Epsilon,
            WeightDecay = WeightDecay,
            WeightDecayForm = WeightDecayForm,
            ClipValue = ClipValue,
            ClipNorm = ClipNorm,
            GlobalClipNorm = GlobalClipNorm,
            ClipPercentile = ClipPercentile,
            MaxUpdateNorm = MaxUpdateNorm,
            SkipNonFinite = SkipNonFinite == true,
            MaxConsecutiveSkips = MaxConsecutiveSkips,
            BiasCorrection = BiasCorrection,
            Maximize = Maximize,
            SparseMode = SparseMode,
        };
        return options switch
        {
            NadamOptions nadam => nadam with { MomentumDecay = MomentumDecay },
            AdamFamilyOptions adam => adam with
            {
                AdaptiveEpsilon = AdaptiveEpsilon,
                EpsilonRoot = EpsilonRoot,
                Nesterov = Nesterov,
            },
            _ => options,
        };
    }
}
