using System.Text.Json.Nodes;
using NativeAdamax.Scaling;
using NativeAdamax.Schedules;
using NativeAdamax.Schedules.Keras;
using NativeAdamax.Styles.Keras;

namespace NativeAdamax.Tests.Styles.Keras;

public sealed class KerasConfigTests
{
    [Theory]
    [InlineData(
        "Adamax", Dialect.Keras,
        """{"name":"adamax","learning_rate":0.001,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null,"use_ema":false,"ema_momentum":0.99,"ema_overwrite_frequency":null,"loss_scale_factor":null,"gradient_accumulation_steps":null,"beta_1":0.9,"beta_2":0.999,"epsilon":1E-07}""")]
    [InlineData(
        "AdamW", Dialect.Keras,
        """{"name":"adam_w","learning_rate":0.001,"weight_decay":0.004,"clipnorm":null,"global_clipnorm":null,"clipvalue":null,"use_ema":false,"ema_momentum":0.99,"ema_overwrite_frequency":null,"loss_scale_factor":null,"gradient_accumulation_steps":null,"beta_1":0.9,"beta_2":0.999,"epsilon":1E-07,"amsgrad":false}""")]
    [InlineData(
        "Nadam", Dialect.Keras,
        """{"name":"nadam","learning_rate":0.001,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null,"use_ema":false,"ema_momentum":0.99,"ema_overwrite_frequency":null,"loss_scale_factor":null,"gradient_accumulation_steps":null,"beta_1":0.9,"beta_2":0.999,"epsilon":1E-07}""")]
    [InlineData(
        "Adam", Dialect.TfKeras,
        """{"name":"Adam","weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null,"use_ema":false,"ema_momentum":0.99,"ema_overwrite_frequency":null,"jit_compile":false,"is_legacy_optimizer":false,"learning_rate":0.001,"beta_1":0.9,"beta_2":0.999,"epsilon":1E-07,"amsgrad":false,"adaptive_epsilon":false}""")]
    public void KeysAndTheirOrderAreTheSystems(string className, Dialect dialect, string expected)
    {
        using KerasOptimizer keras = KerasOptimizer.FromConfig(className, [], dialect);
        Assert.Equal(expected, keras.GetConfig().ToJsonString());
        Assert.Equal(
            $$"""{"module":"keras.optimizers","class_name":"{{className}}","config":{{expected}},"registered_name":null}""",
            keras.Serialize().ToJsonString());
    }

    [Fact]
    public void WhatKerasWroteIsRead()
    {
        // As Keras prints it, the rate from float32 and back.
        const string written = """
            {"module": "keras.optimizers", "class_name": "Adamax", "config": {"name": "my_adamax",
            "learning_rate": 0.0010000000474974513, "weight_decay": 0.01, "clipnorm": null, "global_clipnorm": 1.5,
            "clipvalue": null, "use_ema": true, "ema_momentum": 0.95, "ema_overwrite_frequency": 10,
            "loss_scale_factor": 8, "gradient_accumulation_steps": 4, "beta_1": 0.85, "beta_2": 0.99, "epsilon": 1e-06},
            "registered_name": null}
            """;
        using var keras = KerasOptimizer.Deserialize(JsonNode.Parse(written)!.AsObject());
        OptimizerOptions o = keras.Options;
        Assert.Equal("my_adamax", keras.Name);
        Assert.Equal(0.0010000000474974513, keras.LearningRate);
        Assert.Equal((0.01, null, 1.5, null), (o.WeightDecay, o.ClipNorm, o.GlobalClipNorm, o.ClipValue));
        Assert.Equal(new EmaOptions { Momentum = 0.95, OverwriteFrequency = 10 }, o.Ema);
        Assert.Equal((8.0, 4), (o.LossScale!.Scale, o.AccumulationSteps));
        Assert.Equal((0.85, 0.99, 1e-6), (o.Beta1, o.Beta2, o.Epsilon));
        JsonNode again = keras.Serialize();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(again.ToJsonString()), JsonNode.Parse(KerasOptimizer
            .Deserialize(JsonNode.Parse(written)!.AsObject()).Serialize().ToJsonString())));
        Assert.Equal(4, again["config"]!["gradient_accumulation_steps"]!.GetValue<int>());
    }

    private static readonly Dictionary<string, (Schedule Schedule, string Json)> Schedules = new()
    {
        ["exponential"] = (new ExponentialDecay(0.5, 10, 0.9, true),
            """{"module":"keras.optimizers.schedules","class_name":"ExponentialDecay","config":{"initial_learning_rate":0.5,"decay_steps":10,"decay_rate":0.9,"staircase":true,"name":"ExponentialDecay"},"registered_name":null}"""),
        ["inverse time"] = (new InverseTimeDecay(0.5, 10, 0.9),
            """{"module":"keras.optimizers.schedules","class_name":"InverseTimeDecay","config":{"initial_learning_rate":0.5,"decay_steps":10,"decay_rate":0.9,"staircase":false,"name":"InverseTimeDecay"},"registered_name":null}"""),
        ["piecewise"] = (new PiecewiseConstantDecay([3, 7], [0.5, 0.25, 0.125]),
            """{"module":"keras.optimizers.schedules","class_name":"PiecewiseConstantDecay","config":{"boundaries":[3,7],"values":[0.5,0.25,0.125],"name":"PiecewiseConstant"},"registered_name":null}"""),
        ["polynomial"] = (new PolynomialDecay(0.5, 10, 0.01, 2, true),
            """{"module":"keras.optimizers.schedules","class_name":"PolynomialDecay","config":{"initial_learning_rate":0.5,"decay_steps":10,"end_learning_rate":0.01,"power":2,"cycle":true,"name":"PolynomialDecay"},"registered_name":null}"""),
        ["cosine"] = (new CosineDecay(0.5, 10, 0.1, 0.7, 5),
            """{"module":"keras.optimizers.schedules","class_name":"CosineDecay","config":{"initial_learning_rate":0.5,"decay_steps":10,"alpha":0.1,"name":"CosineDecay","warmup_target":0.7,"warmup_steps":5},"registered_name":null}"""),
        ["restarts"] = (new CosineDecayRestarts(0.5, 5, 1.5, 0.9, 0.1),
            """{"module":"keras.optimizers.schedules","class_name":"CosineDecayRestarts","config":{"initial_learning_rate":0.5,"first_decay_steps":5,"t_mul":1.5,"m_mul":0.9,"alpha":0.1,"name":"SGDRDecay"},"registered_name":null}"""),
    };

    public static TheoryData<string> ScheduleNames => [.. Schedules.Keys];

    [Theory]
    [MemberData(nameof(ScheduleNames))]
    public void SchedulesAreNestedAsKerasNestsThem(string name)
    {
        (Schedule schedule, string json) = Schedules[name];
        using KerasOptimizer keras = new(new AdamaxOptions { LearningRate = schedule });
        JsonObject config = keras.GetConfig();
        Assert.Equal(json, config["learning_rate"]!.ToJsonString());
        var read = (Schedule)KerasOptimizer.FromConfig("Adamax", JsonNode.Parse(config.ToJsonString())!.AsObject())
            .LearningRateRule;
        Assert.Equal(schedule.GetType(), read.GetType());
        Assert.Equal(schedule.Sample(0, 40), read.Sample(0, 40));
    }

    [Fact]
    public void EveryOptionWithAKeyComesBack()
    {
        foreach (OptimizerOptions options in new OptimizerOptions[]
        {
            new AdamOptions { LearningRate = 0.25, AmsGrad = true, WeightDecay = 0.5, ClipNorm = 2, AccumulationSteps = 3 },
            new AdamWOptions { AmsGrad = true, WeightDecay = 0, ClipValue = 2, Beta1 = 0.5, Beta2 = 0.75, Epsilon = 0.125 },
            new AdamaxOptions { GlobalClipNorm = 2, Ema = new EmaOptions { Momentum = 0.5, OverwriteFrequency = 4 } },
            new NadamOptions { Dialect = Dialect.TfKeras, WeightDecay = 0.5, ClipNorm = 2 },
            new AdamOptions { Dialect = Dialect.TfKeras, AmsGrad = true, AdaptiveEpsilon = true },
        })
        {
            using KerasOptimizer keras = new(options, "mine");
            JsonObject written = JsonNode.Parse(keras.Serialize().ToJsonString())!.AsObject();
            using KerasOptimizer again = KerasOptimizer.Deserialize(written, options.Dialect);
            Assert.Equal("mine", again.Name);
            Assert.Equal(keras.LearningRate, again.LearningRate);
            LearningRate rate = keras.LearningRateRule;
            Assert.Equal(keras.Options with { LearningRate = rate }, again.Options with { LearningRate = rate });
        }
    }

    [Fact]
    public void TfKerassAdaptiveEpsilonIsKept()
    {
        using KerasOptimizer tf = new(new AdamOptions { Dialect = Dialect.TfKeras, AdaptiveEpsilon = true });
        using KerasOptimizer again = KerasOptimizer.FromConfig("Adam", tf.GetConfig(), Dialect.TfKeras);
        Assert.True(((AdamOptions)again.Options).AdaptiveEpsilon);
    }

    [Fact]
    public void LiveNumbersAreThoseOfTheConfiguration()
    {
        using KerasOptimizer keras = new(new AdamaxOptions());
        keras.Build(KerasCases.Make());
        keras.LearningRate = 0.25;
        keras.Inner.SetOptions(keras.Options with { Beta1 = 0.5 });
        Assert.Equal((0.25, 0.5), (
            keras.GetConfig()["learning_rate"]!.GetValue<double>(), keras.GetConfig()["beta_1"]!.GetValue<double>()));
    }

    [Theory]
    [InlineData("Adamax", """{"lr":0.1}""", "Adamax has the key lr")]
    [InlineData("Adamax", """{"amsgrad":false}""", "Adamax has the key amsgrad")]
    [InlineData("Adamax", """{"jit_compile":true}""", "Adamax has the key jit_compile")]
    [InlineData("SGD", """{}""", "There is no optimizer SGD")]
    [InlineData("Adam", """{"learning_rate":"fast"}""", "learning_rate of Adam is \"fast\", not a number")]
    [InlineData("Adam", """{"learning_rate":-1}""", "LearningRate")]
    [InlineData("Adam", """{"beta_1":1}""", "Beta1")]
    [InlineData("Adam", """{"epsilon":-1e-7}""", "Epsilon")]
    [InlineData("Adam", """{"clipnorm":0}""", "ClipNorm")]
    [InlineData("Adam", """{"clipnorm":1,"clipvalue":1}""", "takes one of")]
    [InlineData("Adam", """{"use_ema":1}""", "use_ema of Adam is 1, not true or false")]
    [InlineData("Adam", """{"use_ema":true,"ema_momentum":1.5}""", "Momentum")]
    [InlineData("Adam", """{"use_ema":true,"ema_overwrite_frequency":-5}""", "-5")]
    [InlineData("Adam", """{"ema_overwrite_frequency":2.5}""", "ema_overwrite_frequency of Adam is 2.5, not a whole number")]
    [InlineData("Adam", """{"gradient_accumulation_steps":1}""", "gradient_accumulation_steps")]
    [InlineData("Adam", """{"gradient_accumulation_steps":-2}""", "gradient_accumulation_steps")]
    [InlineData("Adam", """{"loss_scale_factor":0}""", "scale")]
    [InlineData("Adam", """{"name":3}""", "name of Adam is 3, not a text")]
    [InlineData("AdamW", """{"weight_decay":null}""", "weight_decay of AdamW is null")]
    [InlineData("Adam", """{"learning_rate":{"class_name":"ExponentialDecay"}}""", "ExponentialDecay has no config")]
    [InlineData("Adam", """{"learning_rate":{"config":{}}}""", "no class_name")]
    [InlineData("Adam", """{"learning_rate":{"class_name":"Warp","config":{}}}""", "Warp is no schedule")]
    [InlineData("Adam", """{"learning_rate":{"class_name":"CosineDecay","config":{"initial_learning_rate":0.1}}}""",
        "decay_steps of CosineDecay is missing")]
    [InlineData("Adam",
        """{"learning_rate":{"class_name":"CosineDecay","config":{"initial_learning_rate":0.1,"decay_steps":5,"x":1}}}""",
        "CosineDecay has the key x")]
    [InlineData("Adam", """{"learning_rate":{"class_name":"PiecewiseConstantDecay","config":{"boundaries":[1,"a"]}}}""",
        "not a list of numbers")]
    [InlineData("Adam",
        """{"learning_rate":{"class_name":"PiecewiseConstantDecay","config":{"boundaries":[1e300],"values":[1,2]}}}""",
        "boundaries must be")]
    public void ConfigurationsThatMakeNoSenseAreRefused(string className, string config, string words)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(
            () => KerasOptimizer.FromConfig(className, JsonNode.Parse(config)!.AsObject()));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OffIsZeroOrNull()
    {
        JsonObject config = JsonNode.Parse("""{"gradient_accumulation_steps":0,"ema_overwrite_frequency":0,"use_ema":true}""")!
            .AsObject();
        using KerasOptimizer keras = KerasOptimizer.FromConfig("Adam", config);
        Assert.Null(keras.Options.AccumulationSteps);
        Assert.Equal(0, keras.Options.Ema!.OverwriteFrequency);
        Assert.Throws<ArgumentException>(
            () => KerasOptimizer.FromConfig("Adam", new JsonObject { ["is_legacy_optimizer"] = true }, Dialect.TfKeras));
        Assert.Throws<ArgumentException>(() => KerasOptimizer.Deserialize([]));
        Assert.Throws<ArgumentException>(() => KerasOptimizer.Deserialize(new JsonObject { ["class_name"] = "Adam" }));
        Assert.Throws<ArgumentException>(() => KerasOptimizer.FromConfig("Adam", [], Dialect.Optax));
    }

    public static TheoryData<string> LostNames => [.. Lost.Keys];

    private static readonly Dictionary<string, OptimizerOptions> Lost = new()
    {
        ["ClipPercentile"] = new AdamOptions { ClipPercentile = 50 },
        ["MaxUpdateNorm"] = new AdamOptions { MaxUpdateNorm = 1 },
        ["AccumulationSchedule"] = new AdamOptions { AccumulationSchedule = _ => 2 },
        ["AccumulationSteps"] = new AdamOptions { Dialect = Dialect.TfKeras, AccumulationSteps = 2 },
        ["LossScale"] = new AdamOptions { LossScale = LossScale.Dynamic(Dialect.Keras) },
        ["SkipNonFinite"] = new AdamOptions { SkipNonFinite = true },
        ["BiasCorrection"] = new AdamOptions { BiasCorrection = false },
        ["DecayMask"] = new AdamOptions { DecayMask = _ => true },
        ["Maximize"] = new AdamOptions { Maximize = true },
        ["SparseMode"] = new AdamOptions { SparseMode = SparseMode.Exact },
        ["Ema"] = new AdamOptions { Ema = new EmaOptions { ZeroDebias = true } },
        ["WeightDecayForm"] = new AdamOptions { WeightDecayForm = WeightDecayForm.Coupled },
        ["EpsilonRoot"] = new AdamOptions { EpsilonRoot = 1e-8 },
        ["Nesterov"] = new AdamOptions { Nesterov = true },
        ["AdaptiveEpsilon"] = new AdamOptions { AdaptiveEpsilon = true },
        ["MomentumDecay"] = new NadamOptions { MomentumDecay = 0.1 },
        ["Function"] = new AdamOptions { LearningRate = LearningRate.From(() => 0.1) },
    };

    [Theory]
    [MemberData(nameof(LostNames))]
    public void WhatTheConfigurationCannotHoldIsNotLostSilently(string name)
    {
        using KerasOptimizer keras = new(Lost[name]);
        Assert.Contains(name, Assert.Throws<InvalidOperationException>(keras.GetConfig).Message, StringComparison.Ordinal);
    }
}
