namespace NativeAdamax;

/// <content>What the options of a group may say.</content>
public abstract partial record OptimizerOptions
{
    /// <summary>These options of a group with every null replaced by the optimizer's value.</summary>
    /// <exception cref="ArgumentException">They say otherwise what holds for the whole optimizer.</exception>
    internal virtual OptimizerOptions Inherit(OptimizerOptions optimizer)
    {
        OnlyOnce(ClipNorm, optimizer.ClipNorm, nameof(ClipNorm));
        OnlyOnce(GlobalClipNorm, optimizer.GlobalClipNorm, nameof(GlobalClipNorm));
        OnlyOnce(ClipPercentile, optimizer.ClipPercentile, nameof(ClipPercentile));
        OnlyOnce(AccumulationSteps, optimizer.AccumulationSteps, nameof(AccumulationSteps));
        OnlyOnce(AccumulationSchedule, optimizer.AccumulationSchedule, nameof(AccumulationSchedule));
        OnlyOnce(LossScale, optimizer.LossScale, nameof(LossScale));
        OnlyOnce(SkipNonFinite ? true : null, optimizer.SkipNonFinite, nameof(SkipNonFinite));
        OnlyOnce(MaxConsecutiveSkips, optimizer.MaxConsecutiveSkips, nameof(MaxConsecutiveSkips));
        OnlyOnce(DecayMask, optimizer.DecayMask, nameof(DecayMask));
        OnlyOnce(Ema, optimizer.Ema, nameof(Ema));
        OnlyOnce(Backend, optimizer.Backend, nameof(Backend));
        OnlyOnce(
            MaxDegreeOfParallelism == 0 ? null : MaxDegreeOfParallelism, optimizer.MaxDegreeOfParallelism,
            nameof(MaxDegreeOfParallelism));
        return this with
        {
            LearningRate = LearningRate ?? optimizer.LearningRate,
            Beta1 = Beta1 ?? optimizer.Beta1,
            Beta2 = Beta2 ?? optimizer.Beta2,
            Epsilon = Epsilon ?? optimizer.Epsilon,
            WeightDecay = WeightDecay ?? optimizer.WeightDecay,
            WeightDecayForm = WeightDecayForm ?? optimizer.WeightDecayForm,
            ClipValue = ClipValue ?? optimizer.ClipValue,
            Maximize = Maximize ?? optimizer.Maximize,
            ZeroGradients = ZeroGradients ?? optimizer.ZeroGradients,
            BiasCorrection = BiasCorrection ?? optimizer.BiasCorrection,
            ClipNorm = optimizer.ClipNorm,
            GlobalClipNorm = optimizer.GlobalClipNorm,
            SkipNonFinite = optimizer.SkipNonFinite,
        };
    }

    private static void OnlyOnce(object? ofGroup, object? ofOptimizer, string name)
    {
        if (ofGroup is not null && !ofGroup.Equals(ofOptimizer))
        {
            throw new ArgumentException(
                $"{name} holds for the whole optimizer: a group cannot have {ofGroup} where the optimizer has "
                + $"{ofOptimizer ?? "none"}.",
                name);
        }
    }
}
