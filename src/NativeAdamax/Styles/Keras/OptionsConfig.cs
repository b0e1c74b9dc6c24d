using System.Text.Json.Nodes;
using NativeAdamax.Scaling;

namespace NativeAdamax.Styles.Keras;

/// <summary>Options as the configurations of Keras and tf_keras, key by key in their order.</summary>
internal static class OptionsConfig
{
    private const double Momentum = 0.99;

    /// <param name="name">Of the optimizer.</param>
    /// <param name="o">Resolved.</param>
    /// <exception cref="InvalidOperationException">An option has no key in the configuration.</exception>
    public static JsonObject Write(string name, OptimizerOptions o)
    {
        RefuseWithoutKey(o);
        bool isTf = o.Dialect == Dialect.TfKeras;
        JsonObject config = new() { ["name"] = name };
        if (!isTf)
            config["learning_rate"] = ScheduleConfig.Write(o.LearningRate!);
        config["weight_decay"] = o.WeightDecay == 0 && o is not AdamWOptions ? null : o.WeightDecay;
        config["clipnorm"] = o.ClipNorm;
        config["global_clipnorm"] = o.GlobalClipNorm;
        config["clipvalue"] = o.ClipValue;
        config["use_ema"] = o.Ema is not null;
        config["ema_momentum"] = o.Ema?.Momentum ?? Momentum;
        config["ema_overwrite_frequency"] = o.Ema?.OverwriteFrequency is > 0 and int frequency ? frequency : null;
        if (isTf)
        {
            config["jit_compile"] = false;
            config["is_legacy_optimizer"] = false;
            config["learning_rate"] = ScheduleConfig.Write(o.LearningRate!);
        }
        else
        {
            config["loss_scale_factor"] = o.LossScale?.Scale;
            config["gradient_accumulation_steps"] = o.AccumulationSteps > 1 ? o.AccumulationSteps : null;
        }

        config["beta_1"] = o.Beta1;
        config["beta_2"] = o.Beta2;
        config["epsilon"] = o.Epsilon;
        if (o is AdamFamilyOptions family)
        {
            config["amsgrad"] = family.AmsGrad;
            if (isTf && o is AdamOptions)
                config["adaptive_epsilon"] = family.AdaptiveEpsilon;
        }

        return config;
    }

    /// <exception cref="ArgumentException">A key is unknown, or its value of the wrong kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static (OptimizerOptions Options, string? Name) Read(string className, JsonObject config, Dialect dialect)
    {
        ConfigReader c = new(config, className);
        OptimizerOptions options = Kind(className) with
        {
            Dialect = dialect,
            LearningRate = c.Find("learning_rate") switch
            {
                null => null,
                JsonObject schedule => ScheduleConfig.Read(schedule),
                _ => c.Number("learning_rate")!.Value,
            },
            WeightDecay = c.Number("weight_decay"),
            ClipNorm = c.Number("clipnorm"),
            GlobalClipNorm = c.Number("global_clipnorm"),
            ClipValue = c.Number("clipvalue"),
            Ema = Ema(c),
            Beta1 = c.Number("beta_1"),
            Beta2 = c.Number("beta_2"),
            Epsilon = c.Number("epsilon"),
        };
        if (options is AdamWOptions && c.Has("weight_decay") && options.WeightDecay is null)
            throw new ArgumentException("weight_decay of AdamW is null: AdamW must decay.", nameof(config));
        options = dialect == Dialect.TfKeras ? OfTf(c, options) : OfKeras(c, options);
        if (options is AdamFamilyOptions family)
        {
            options = family with { AmsGrad = c.Flag("amsgrad") };
            if (options is AdamOptions adam && dialect == Dialect.TfKeras)
                options = adam with { AdaptiveEpsilon = c.Flag("adaptive_epsilon") };
        }

        string? name = c.Text("name");
        c.RefuseOthers();
        return (options, name);
    }

    private static OptimizerOptions OfTf(ConfigReader c, OptimizerOptions options)
    {
        _ = c.Flag("jit_compile");
        if (c.Flag("is_legacy_optimizer") == true)
            throw new ArgumentException("is_legacy_optimizer is true: the configuration is of another optimizer.");
        return options;
    }

    private static OptimizerOptions OfKeras(ConfigReader c, OptimizerOptions options) => options with
    {
        LossScale = c.Number("loss_scale_factor") is { } scale ? LossScale.Fixed(scale) : null,
        AccumulationSteps = c.Integer("gradient_accumulation_steps") switch
        {
            null or 0 => null,
            >= 2 and <= int.MaxValue and long steps => (int)steps,
            long steps => throw Check.OutOfRange(steps, "gradient_accumulation_steps", "null, 0, or 2 or above"),
        },
    };

    private static EmaOptions? Ema(ConfigReader c)
    {
        double? momentum = c.Number("ema_momentum");
        long frequency = c.Integer("ema_overwrite_frequency") ?? 0;
        if (c.Flag("use_ema") != true)
            return null;
        return new EmaOptions
        {
            Momentum = momentum,
            OverwriteFrequency = frequency is >= 0 and <= int.MaxValue
                ? (int)frequency
                : throw Check.OutOfRange(frequency, "ema_overwrite_frequency", $"from 0 to {int.MaxValue}"),
        };
    }

    private static OptimizerOptions Kind(string className) => className switch
    {
        "Adam" => new AdamOptions(),
        "AdamW" => new AdamWOptions(),
        "Adamax" => new AdamaxOptions(),
        "Nadam" => new NadamOptions(),
        _ => throw new ArgumentException(
            $"There is no optimizer {className}; there are Adam, AdamW, Adamax, Nadam.", nameof(className)),
    };

    /// <summary>What would be lost without a word.</summary>
    private static void RefuseWithoutKey(OptimizerOptions o)
    {
        OptimizerOptions plain = Kind(ClassName(o)) with { Dialect = o.Dialect, LearningRate = 1 };
        OptimizerOptions standard = plain.Resolve();
        bool isTf = o.Dialect == Dialect.TfKeras;
        string? lost = o switch
        {
            { ClipPercentile: not null } => nameof(o.ClipPercentile),
            { MaxUpdateNorm: not null } => nameof(o.MaxUpdateNorm),
            { AccumulationSchedule: not null } => nameof(o.AccumulationSchedule),
            { AccumulationSteps: > 1 } when isTf => nameof(o.AccumulationSteps),
            { LossScale: not null } when isTf || o.LossScale.IsDynamic => nameof(o.LossScale),
            { SkipNonFinite: true } => nameof(o.SkipNonFinite),
            { BiasCorrection: false } => nameof(o.BiasCorrection),
            { DecayMask: not null } => nameof(o.DecayMask),
            { Maximize: true } => nameof(o.Maximize),
            _ when o.SparseMode != standard.SparseMode => nameof(o.SparseMode),
            { Ema: { ZeroDebias: true } or { WarmUp: true } or { CopyAtFirstUpdate: not null } } => nameof(o.Ema),
            _ when o.WeightDecayForm != standard.WeightDecayForm => nameof(o.WeightDecayForm),
            AdamFamilyOptions { EpsilonRoot: > 0 } => nameof(AdamFamilyOptions.EpsilonRoot),
            AdamFamilyOptions { Nesterov: true } => nameof(AdamFamilyOptions.Nesterov),
            AdamFamilyOptions { AdaptiveEpsilon: true } when !isTf || o is AdamWOptions =>
                nameof(AdamFamilyOptions.AdaptiveEpsilon),
            NadamOptions n when n.MomentumDecay != ((NadamOptions)standard).MomentumDecay => nameof(n.MomentumDecay),
            _ => null,
        };
        if (lost is not null)
        {
            throw new InvalidOperationException(
                $"{lost} has no key in the configuration of {o.Dialect}: it would be lost.");
        }
    }

    public static string ClassName(OptimizerOptions options) => options.Algorithm.ToString();
}
