using System.Text.Json;
using System.Text.RegularExpressions;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>
/// Reads the configuration of a golden file under each system's own names. A setting that these tests do not know and
/// that is not off is an error: a case must not pass while part of it is ignored.
/// </summary>
internal static partial class GoldenSettings
{
    /// <summary>Settings that change speed or rounding only, or that say how another one is to be read.</summary>
    private static readonly HashSet<string> Irrelevant =
        ["foreach", "capturable", "differentiable", "fused", "use_ema", "ema_momentum", "ema_overwrite_frequency",
            "use_fused_step", "bias_correction_mu", "bias_correction_nu"];

    public static ReferenceSettings[] Parse(JsonElement root, string[] tensors)
    {
        Peer peer = root.GetProperty("peer").GetProperty("name").GetString() switch
        {
            "Keras" => Peer.Keras,
            "tf_keras" => Peer.TfKeras,
            "Apache MXNet" => Peer.MXNet,
            "optax" => Peer.Optax,
            "PyTorch" => Peer.Torch,
            { } other => throw new FormatException($"unknown system {other}"),
            null => throw new FormatException("a golden without the name of its system"),
        };
        string optimizer = root.GetProperty("optimizer").GetString()!.ToLowerInvariant();
        JsonElement config = root.GetProperty("config");
        ReferenceSettings settings = new()
        {
            Peer = peer,
            Algorithm = optimizer switch
            {
                "adam" or "amsgrad" => Algorithm.Adam,
                "adamw" => Algorithm.AdamW,
                "adamax" or "adamaxw" => Algorithm.Adamax,
                "nadam" => Algorithm.Nadam,
                _ => throw new FormatException($"unknown optimizer {optimizer}"),
            },
            LearningRate = 0,
            Epsilon = 1e-8,
            AmsGrad = optimizer == "amsgrad",
        };
        settings = config.TryGetProperty("chain", out JsonElement chain)
            ? ApplyChain(settings, chain)
            : Apply(settings, config);
        if (config.TryGetProperty("use_ema", out JsonElement ema) && ema.GetBoolean())
        {
            settings = settings with
            {
                EmaMomentum = config.GetProperty("ema_momentum").GetDouble(),
                EmaOverwrite = config.GetProperty("ema_overwrite_frequency") is { ValueKind: JsonValueKind.Number } n
                    ? n.GetInt32() : 0,
            };
        }

        if (root.TryGetProperty("clip_grad_value_", out JsonElement clip))
            settings = settings with { ClipValue = clip.GetDouble() };
        if (root.TryGetProperty("clip_grad_norm_", out JsonElement norm))
            settings = settings with { GlobalClipNorm = norm.GetProperty("max_norm").GetDouble() };
        return [.. tensors.Select(name => ForTensor(settings, root, name))];
    }

    private static ReferenceSettings Apply(ReferenceSettings settings, JsonElement config)
    {
        foreach (JsonProperty entry in config.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Null && !Irrelevant.Contains(entry.Name))
                settings = Apply(settings, entry.Name, entry.Value);
        }

        return settings;
    }

    private static ReferenceSettings Apply(ReferenceSettings settings, string name, JsonElement value) => name switch
    {
        "learning_rate" when value.ValueKind == JsonValueKind.Object => settings, // GoldenSchedule reads it.
        "learning_rate" or "lr" => settings with { LearningRate = value.GetDouble() },
        "beta_1" or "beta1" or "b1" => settings with { Beta1 = value.GetDouble() },
        "beta_2" or "beta2" or "b2" => settings with { Beta2 = value.GetDouble() },
        "betas" => settings with { Beta1 = value[0].GetDouble(), Beta2 = value[1].GetDouble() },
        "epsilon" or "eps" => settings with { Epsilon = value.GetDouble() },
        "eps_root" => settings with { EpsilonRoot = value.GetDouble() },
        "weight_decay" or "wd" => settings with { WeightDecay = value.GetDouble() },
        "clipvalue" or "clip_gradient" => settings with { ClipValue = value.GetDouble() },
        "clipnorm" => settings with { ClipNorm = value.GetDouble() },
        "global_clipnorm" => settings with { GlobalClipNorm = value.GetDouble() },
        "gradient_accumulation_steps" => settings with { AccumulationSteps = value.GetInt32() },
        "loss_scale_factor" => settings with { LossScale = value.GetDouble() },
        "rescale_grad" => settings with { GradientScale = value.GetDouble() },
        "amsgrad" => settings with { AmsGrad = value.GetBoolean() },
        "adaptive_epsilon" => settings with { AdaptiveEpsilon = value.GetBoolean() },
        "nesterov" => settings with { Nesterov = value.GetBoolean() },
        "maximize" => settings with { Maximize = value.GetBoolean() },
        "mu_dtype" when value.GetString() == "bfloat16" => settings with
        {
            RoundsFirstMoment = true,
            RoundsDecayedMoment = true,
        },
        "momentum_decay" => settings with { MomentumDecay = value.GetDouble() },
        _ => throw new FormatException($"the tests do not know the setting {name} = {value}"),
    };

    /// <summary>optax chains of one clip and one adamax with nothing but a learning rate.</summary>
    private static ReferenceSettings ApplyChain(ReferenceSettings settings, JsonElement chain)
    {
        foreach (JsonElement link in chain.EnumerateArray())
        {
            Match clip = Clip().Match(link.GetString()!);
            Match norm = ClipByGlobalNorm().Match(link.GetString()!);
            Match adamax = Adamax().Match(link.GetString()!);
            if (clip.Success)
                settings = settings with { ClipValue = Number(clip) };
            else if (norm.Success)
                settings = settings with { GlobalClipNorm = Number(norm) };
            else if (adamax.Success)
                settings = settings with { LearningRate = Number(adamax) };
            else
                throw new FormatException($"the tests do not know the link {link}");
        }

        return settings;
    }

    private static ReferenceSettings ForTensor(ReferenceSettings settings, JsonElement root, string tensor)
    {
        if (root.TryGetProperty("param_groups", out JsonElement groups))
        {
            JsonElement group = groups.EnumerateArray().Single(g => Contains(g.GetProperty("params"), tensor));
            foreach (JsonProperty entry in group.EnumerateObject().Where(e => e.Name != "params"))
                settings = Apply(settings, entry.Name, entry.Value);
        }

        if (root.TryGetProperty("exclude_from_weight_decay_tensors", out JsonElement excluded)
            && Contains(excluded, tensor))
            settings = settings with { WeightDecay = 0 };
        if (root.TryGetProperty("exclude_from_weight_decay_names", out JsonElement patterns)
            && patterns.EnumerateArray().Any(p => Regex.IsMatch(tensor, p.GetString()!)))
            settings = settings with { WeightDecay = 0 };
        return settings with
        {
            LearningRate = settings.LearningRate * Multiplier(root, "lr_mult", tensor),
            WeightDecay = settings.WeightDecay * Multiplier(root, "wd_mult", tensor),
        };
    }

    private static bool Contains(JsonElement names, string tensor) =>
        names.EnumerateArray().Any(n => n.GetString() == tensor);

    private static double Multiplier(JsonElement root, string table, string tensor) =>
        root.TryGetProperty(table, out JsonElement multipliers) && multipliers.ValueKind == JsonValueKind.Object
            && multipliers.TryGetProperty(tensor, out JsonElement value) ? value.GetDouble() : 1;

    private static double Number(Match match) =>
        double.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^clip\(([0-9.]+)\)$")]
    private static partial Regex Clip();

    [GeneratedRegex(@"^clip_by_global_norm\(([0-9.]+)\)$")]
    private static partial Regex ClipByGlobalNorm();

    [GeneratedRegex(@"^adamax\(learning_rate=([0-9.]+)\)$")]
    private static partial Regex Adamax();
}
