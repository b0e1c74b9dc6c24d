using System.Text.Json;
using System.Text.RegularExpressions;
using NativeAdamax.Schedules;
using NativeAdamax.Schedules.PyTorch;
using Keras = NativeAdamax.Schedules.Keras;
using MXNet = NativeAdamax.Schedules.MXNet;
using Optax = NativeAdamax.Schedules.Optax;

namespace NativeAdamax.Tests.Schedules;

/// <summary>
/// The library's schedule for a class and arguments that a golden file names. Where an argument is missing, its
/// default.
/// </summary>
internal static partial class ScheduleFactory
{
    /// <param name="name">The class or function of the system.</param>
    /// <param name="values">Its arguments.</param>
    /// <param name="baseLr">For PyTorch, the optimizer's learning rate.</param>
    public static Schedule Create(string name, JsonElement values, double baseLr = double.NaN)
    {
        ScheduleConfig config = new(values);
        Schedule schedule = OfKeras(name, config) ?? OfMXNet(name, config) ?? OfOptax(name, config)
            ?? OfTorch(name, config, baseLr)
            ?? throw new FormatException($"the tests do not know the schedule {name}");
        config.AssertAllRead();
        return schedule;
    }

    private static Schedule? OfKeras(string name, ScheduleConfig c)
    {
        double Initial() => c.Number("initial_learning_rate");
        c.Text("name", name);
        return name switch
        {
            "ExponentialDecay" => new Keras.ExponentialDecay(
                Initial(), c.Count("decay_steps"), c.Number("decay_rate"), c.Flag("staircase", false)),
            "InverseTimeDecay" => new Keras.InverseTimeDecay(
                Initial(), c.Count("decay_steps"), c.Number("decay_rate"), c.Flag("staircase", false)),
            "PiecewiseConstantDecay" => new Keras.PiecewiseConstantDecay(
                c.List("boundaries").Select(b => b.GetInt64()), c.List("values").Select(v => v.GetDouble())),
            "PolynomialDecay" => new Keras.PolynomialDecay(
                Initial(), c.Count("decay_steps"), c.Number("end_learning_rate", 1e-4), c.Number("power", 1),
                c.Flag("cycle", false)),
            "CosineDecay" => new Keras.CosineDecay(
                Initial(), c.Count("decay_steps"), c.Number("alpha", 0), c.NumberOrNone("warmup_target"),
                c.Count("warmup_steps", 0)),
            "CosineDecayRestarts" => new Keras.CosineDecayRestarts(
                Initial(), c.Count("first_decay_steps"), c.Number("t_mul", 2), c.Number("m_mul", 1),
                c.Number("alpha", 0)),
            _ => null,
        };
    }

    private static Schedule? OfMXNet(string name, ScheduleConfig c)
    {
        double Base() => c.Number("base_lr", 0.01);
        long Warmup() => c.Count("warmup_steps", 0);
        double Begin() => c.Number("warmup_begin_lr", 0);
        MXNet.WarmupMode Mode() => Enum.Parse<MXNet.WarmupMode>(c.Text("warmup_mode", "linear"), ignoreCase: true);
        return name switch
        {
            "FactorScheduler" => new MXNet.FactorScheduler(
                c.Count("step"), c.Number("factor", 1), c.Number("stop_factor_lr", 1e-8), Base(), Warmup(), Begin(),
                Mode()),
            "MultiFactorScheduler" => new MXNet.MultiFactorScheduler(
                c.List("step").Select(s => s.GetInt64()), c.Number("factor", 1), Base(), Warmup(), Begin(), Mode()),
            "PolyScheduler" => new MXNet.PolyScheduler(
                c.Count("max_update"), Base(), c.Number("pwr", 2), c.Number("final_lr", 0), Warmup(), Begin(), Mode()),
            "CosineScheduler" => new MXNet.CosineScheduler(
                c.Count("max_update"), Base(), c.Number("final_lr", 0), Warmup(), Begin(), Mode()),
            _ => null,
        };
    }

    private static Schedule? OfOptax(string name, ScheduleConfig c)
    {
        double Initial() => c.Number("init_value");
        return name switch
        {
            "linear_schedule" => new Optax.LinearSchedule(
                Initial(), c.Number("end_value"), c.Count("transition_steps"), c.Count("transition_begin", 0)),
            "polynomial_schedule" => new Optax.PolynomialSchedule(
                Initial(), c.Number("end_value"), c.Number("power"), c.Count("transition_steps"),
                c.Count("transition_begin", 0)),
            "exponential_decay" => new Optax.ExponentialDecay(
                Initial(), c.Count("transition_steps"), c.Number("decay_rate"), c.Count("transition_begin", 0),
                c.Flag("staircase", false), c.NumberOrNone("end_value")),
            "cosine_decay_schedule" => new Optax.CosineDecaySchedule(
                Initial(), c.Count("decay_steps"), c.Number("alpha", 0), c.Number("exponent", 1)),
            "warmup_cosine_decay_schedule" => new Optax.WarmupCosineDecaySchedule(
                Initial(), c.Number("peak_value"), c.Count("warmup_steps"), c.Count("decay_steps"),
                c.Number("end_value", 0), c.Number("exponent", 1)),
            "piecewise_constant_schedule" =>
                new Optax.PiecewiseConstantSchedule(Initial(), c.Scales("boundaries_and_scales")),
            "warmup_exponential_decay_schedule" => new Optax.WarmupExponentialDecaySchedule(
                Initial(), c.Number("peak_value"), c.Count("warmup_steps"), c.Count("transition_steps"),
                c.Number("decay_rate"),
                c.Count("transition_begin", 0), c.Flag("staircase", false), c.NumberOrNone("end_value")),
            _ => null,
        };
    }

    private static Schedule? OfTorch(string name, ScheduleConfig c, double lr) => name switch
    {
        "StepLR" => new StepLR(lr, c.Count("step_size"), c.Number("gamma", 0.1)),
        "MultiStepLR" => new MultiStepLR(lr, c.List("milestones").Select(m => m.GetInt64()), c.Number("gamma", 0.1)),
        "ExponentialLR" => new ExponentialLR(lr, c.Number("gamma")),
        "CosineAnnealingLR" => new CosineAnnealingLR(lr, c.Count("T_max"), c.Number("eta_min", 0)),
        "CosineAnnealingWarmRestarts" =>
            new CosineAnnealingWarmRestarts(lr, c.Count("T_0"), c.Count("T_mult", 1), c.Number("eta_min", 0)),
        "OneCycleLR" => new OneCycleLR(
            c.Number("max_lr"), c.CountOrNone("total_steps") ?? c.Count("epochs") * c.Count("steps_per_epoch"),
            c.Number("pct_start", 0.3),
            Enum.Parse<AnnealStrategy>(c.Text("anneal_strategy", "cos"), ignoreCase: true),
            c.Flag("cycle_momentum", true), c.Number("base_momentum", 0.85),
            c.Number("max_momentum", 0.95), c.Number("div_factor", 25), c.Number("final_div_factor", 1e4),
            c.Flag("three_phase", false)),
        "LinearLR" =>
            new LinearLR(lr, c.Number("start_factor", 1.0 / 3), c.Number("end_factor", 1), c.Count("total_iters", 5)),
        "ConstantLR" => new ConstantLR(lr, c.Number("factor", 1.0 / 3), c.Count("total_iters", 5)),
        "PolynomialLR" => new PolynomialLR(lr, c.Count("total_iters", 5), c.Number("power", 1)),
        "CyclicLR" => Cyclic(c),
        "SequentialLR" => new SequentialLR(Parts(c, lr), c.List("milestones").Select(m => m.GetInt64())),
        "ChainedScheduler" => new ChainedScheduler(Parts(c, lr).Cast<FactorLR>()),
        "ReduceLROnPlateau" => new ReduceLROnPlateau(
            lr, Enum.Parse<PlateauMode>(c.Text("mode", "min"), ignoreCase: true), c.Number("factor", 0.1),
            (int)c.Count("patience", 10),
            c.Number("threshold", 1e-4), Enum.Parse<ThresholdMode>(c.Text("threshold_mode", "rel"), ignoreCase: true),
            (int)c.Count("cooldown", 0), c.Number("min_lr", 0), c.Number("eps", 1e-8)),
        _ => null,
    };

    private static CyclicLR Cyclic(ScheduleConfig c)
    {
        CyclicMode mode = Enum.Parse<CyclicMode>(c.Text("mode", "triangular").Replace("_", ""), ignoreCase: true);
        if (c.Flag("cycle_momentum", true))
            throw new FormatException("CyclicLR is of the learning rate alone");
        return new(
            c.Number("base_lr"), c.Number("max_lr"), c.Count("step_size_up", 2000), c.CountOrNone("step_size_down"),
            mode, c.Number("gamma", 1));
    }

    /// <summary>Schedules in the form Class(name=number,name=number).</summary>
    private static IEnumerable<Schedule> Parts(ScheduleConfig c, double lr)
    {
        foreach (string text in c.List("schedulers").Select(s => s.GetString()!))
        {
            Match call = Call().Match(text);
            string values = "{" + Argument().Replace(call.Groups[2].Value, "\"$1\":") + "}";
            yield return Create(call.Groups[1].Value, JsonElement.Parse(values), lr);
        }
    }

    [GeneratedRegex(@"^(\w+)\((.*)\)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"(\w+)=")]
    private static partial Regex Argument();
}
