using System.Text.Json.Nodes;
using NativeAdamax.Schedules.Keras;

namespace NativeAdamax.Styles.Keras;

/// <summary>Keras's schedules as nested objects, the way it serialises them.</summary>
internal static class ScheduleConfig
{
    private const string Module = "keras.optimizers.schedules";

    /// <summary>A number, or an object with class_name and config.</summary>
    /// <exception cref="InvalidOperationException">A function or another system's schedule rules.</exception>
    public static JsonNode Write(LearningRate rate) => rate switch
    {
        LearningRate.Number => rate.At(0),
        ExponentialDecay s => Class(nameof(ExponentialDecay), new JsonObject
        {
            ["initial_learning_rate"] = s.InitialLearningRate,
            ["decay_steps"] = s.DecaySteps,
            ["decay_rate"] = s.DecayRate,
            ["staircase"] = s.Staircase,
            ["name"] = nameof(ExponentialDecay),
        }),
        InverseTimeDecay s => Class(nameof(InverseTimeDecay), new JsonObject
        {
            ["initial_learning_rate"] = s.InitialLearningRate,
            ["decay_steps"] = s.DecaySteps,
            ["decay_rate"] = s.DecayRate,
            ["staircase"] = s.Staircase,
            ["name"] = nameof(InverseTimeDecay),
        }),
        PiecewiseConstantDecay s => Class(nameof(PiecewiseConstantDecay), new JsonObject
        {
            ["boundaries"] = new JsonArray([.. s.Boundaries.Select(b => (JsonNode)b)]),
            ["values"] = new JsonArray([.. s.Values.Select(v => (JsonNode)v)]),
            ["name"] = "PiecewiseConstant",
        }),
        PolynomialDecay s => Class(nameof(PolynomialDecay), new JsonObject
        {
            ["initial_learning_rate"] = s.InitialLearningRate,
            ["decay_steps"] = s.DecaySteps,
            ["end_learning_rate"] = s.EndLearningRate,
            ["power"] = s.Power,
            ["cycle"] = s.Cycle,
            ["name"] = nameof(PolynomialDecay),
        }),
        CosineDecay s => Class(nameof(CosineDecay), new JsonObject
        {
            ["initial_learning_rate"] = s.InitialLearningRate,
            ["decay_steps"] = s.DecaySteps,
            ["alpha"] = s.Alpha,
            ["name"] = nameof(CosineDecay),
            ["warmup_target"] = s.WarmupTarget,
            ["warmup_steps"] = s.WarmupSteps,
        }),
        CosineDecayRestarts s => Class(nameof(CosineDecayRestarts), new JsonObject
        {
            ["initial_learning_rate"] = s.InitialLearningRate,
            ["first_decay_steps"] = s.FirstDecaySteps,
            ["t_mul"] = s.TMul,
            ["m_mul"] = s.MMul,
            ["alpha"] = s.Alpha,
            ["name"] = "SGDRDecay",
        }),
        _ => throw new InvalidOperationException(
            $"A {rate.GetType().Name} rules the learning rate, which Keras's configuration cannot hold."),
    };

    /// <exception cref="ArgumentException">
    /// It is no schedule of Keras's, or an argument is missing, unknown or wrong.
    /// </exception>
    public static LearningRate Read(JsonNode node)
    {
        if (node is not JsonObject schedule)
            throw new ArgumentException($"learning_rate is {node.ToJsonString()}, neither a number nor a schedule.");
        ConfigReader outer = new(schedule, "learning_rate");
        string name = outer.Text("class_name") ?? throw new ArgumentException("learning_rate has no class_name.");
        if (outer.Find("config") is not JsonObject config)
            throw new ArgumentException($"{name} has no config.");
        _ = outer.Text("module");
        _ = outer.Text("registered_name");
        outer.RefuseOthers();
        ConfigReader reader = new(config, name);
        LearningRate rate = Of(name, reader);
        _ = reader.Text("name");
        reader.RefuseOthers();
        return rate;
    }

    private static LearningRate Of(string name, ConfigReader c) => name switch
    {
        nameof(ExponentialDecay) => new ExponentialDecay(Initial(c), Steps(c), Rate(c), c.Flag("staircase") ?? false),
        nameof(InverseTimeDecay) => new InverseTimeDecay(Initial(c), Steps(c), Rate(c), c.Flag("staircase") ?? false),
        nameof(PiecewiseConstantDecay) => new PiecewiseConstantDecay(
            (c.Numbers("boundaries") ?? []).Select(b => Math.Abs(b) < 9e15
                ? (long)Math.Floor(b)
                : throw Check.OutOfRange(b, "boundaries", "from -9e15 to 9e15")),
            c.Numbers("values") ?? []),
        nameof(PolynomialDecay) => new PolynomialDecay(
            Initial(c), Steps(c), c.Number("end_learning_rate") ?? 0.0001, c.Number("power") ?? 1,
            c.Flag("cycle") ?? false),
        nameof(CosineDecay) => new CosineDecay(
            Initial(c), Steps(c), c.Number("alpha") ?? 0, c.Number("warmup_target"), c.Integer("warmup_steps") ?? 0),
        nameof(CosineDecayRestarts) => new CosineDecayRestarts(
            Initial(c), c.Required("first_decay_steps", c.Integer("first_decay_steps")), c.Number("t_mul") ?? 2,
            c.Number("m_mul") ?? 1, c.Number("alpha") ?? 0),
        _ => throw new ArgumentException($"{name} is no schedule of Keras's."),
    };

    private static double Initial(ConfigReader c) =>
        c.Required("initial_learning_rate", c.Number("initial_learning_rate"));

    private static long Steps(ConfigReader c) => c.Required("decay_steps", c.Integer("decay_steps"));

    private static double Rate(ConfigReader c) => c.Required("decay_rate", c.Number("decay_rate"));

    private static JsonObject Class(string name, JsonObject config) => new()
    {
        ["module"] = Module,
        ["class_name"] = name,
        ["config"] = config,
        ["registered_name"] = null,
    };
}
