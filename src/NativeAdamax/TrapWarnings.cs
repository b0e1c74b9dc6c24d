using Microsoft.Extensions.Logging;
using NativeAdamax.Schedules;

namespace NativeAdamax;

/// <summary>Says what is allowed but seldom meant, once, when an optimizer is made or a group joins.</summary>
internal static partial class TrapWarnings
{
    /// <param name="options">As the user gave them.</param>
    /// <param name="composition">Laid out.</param>
    /// <param name="firstGroup">Of those to be looked at.</param>
    public static void Log(OptimizerOptions options, Composition composition, int firstGroup = 0)
    {
        if (options.Logger is not { } log || !log.IsEnabled(LogLevel.Warning))
            return;
        if (firstGroup == 0 && options is { Ema: { } ema, Precision.Average: StateFormat.BFloat16 })
            AverageSticks(log, ema.Momentum ?? options.Rules.AverageMomentum);
        for (int i = firstGroup; i < composition.Groups.Length; i++)
        {
            OptimizerOptions resolved = composition.Resolved[i];
            if (resolved.Epsilon == 0)
                EpsilonIsZero(log, i);
            if (resolved is { Dialect: Dialect.Keras or Dialect.TfKeras, LearningRate: Schedule { IsWhole: true } schedule })
                ScheduleIsWhole(log, i, schedule.GetType().Name);
            if (resolved.Precision?.SecondMoment == StateFormat.BFloat16)
                SecondMomentSticks(log, i, resolved.Beta2!.Value);
            if (resolved.WeightDecay == 0 && MultipliesByZero(resolved.Dialect, composition.Own[i] ?? options))
                WarnOfInfinities(log, composition, i);
        }
    }

    /// <summary>Whether the system itself would form 0 * w.</summary>
    private static bool MultipliesByZero(Dialect dialect, OptimizerOptions given) => dialect switch
    {
        Dialect.MXNet => true,
        Dialect.Keras or Dialect.TfKeras => given.WeightDecay == 0,
        _ => false,
    };

    private static void WarnOfInfinities(ILogger log, Composition composition, int group)
    {
        foreach (Parameter parameter in composition.Groups[group].Parameters)
        {
            long index = composition.Engine.FirstNonFiniteWeight(composition.Index[parameter]);
            if (index >= 0)
                WeightIsInfinite(log, parameter.Name, index, composition.Resolved[group].Dialect);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Group {Group} has epsilon 0: a weight whose gradients have all been 0 becomes NaN, 0 divided by 0.")]
    private static partial void EpsilonIsZero(ILogger log, int group);

    [LoggerMessage(2, LogLevel.Warning,
        "The {Schedule} of group {Group} starts from a whole number. Keras, given an integer there, computes the whole "
        + "schedule in integers, so that 0.0001 becomes 0; here it is computed in double.")]
    private static partial void ScheduleIsWhole(ILogger log, int group, string schedule);

    [LoggerMessage(4, LogLevel.Warning,
        "Group {Group} rounds its second moment to bfloat16 to nearest. It moves by at most 1 - beta2 of itself towards less at "
        + "a step, with beta2 {Beta2}; bfloat16 resolves 1 part in 256, so that it sticks where it once was. Use BFloat16Random.")]
    private static partial void SecondMomentSticks(ILogger log, int group, double beta2);

    [LoggerMessage(5, LogLevel.Warning,
        "The average of the weights is rounded to bfloat16 to nearest. It moves by 1 - momentum of its distance to them at a "
        + "step, with momentum {Momentum}; bfloat16 resolves 1 part in 256, so that it stands still before it is there. Use "
        + "BFloat16Random.")]
    private static partial void AverageSticks(ILogger log, double momentum);

    [LoggerMessage(3, LogLevel.Warning,
        "Weight {Index} of parameter {Parameter} is infinite or NaN. {Dialect} with a weight decay of 0 makes it NaN, 0 "
        + "times infinity; here 0 is no decay.")]
    private static partial void WeightIsInfinite(ILogger log, string parameter, long index, Dialect dialect);
}
