namespace NativeAdamax;

/// <content>What the options of a group may say.</content>
public abstract partial record OptimizerOptions
{
    /// <summary>The options of a group under these resolved ones of its optimizer.</summary>
    /// <param name="own">As the group has them; null: none.</param>
    /// <exception cref="ArgumentException">They are of another kind or dialect, or say otherwise what holds for all.</exception>
    internal OptimizerOptions OfGroup(OptimizerOptions? own)
    {
        if (own is null)
            return this;
        RefuseOtherKind(own);
        return own.Inherit(this).Resolve();
    }

    /// <exception cref="ArgumentException">They are of another optimizer or dialect.</exception>
    internal void RefuseOtherKind(OptimizerOptions options)
    {
        if (options.GetType() != GetType() || options.Dialect != Dialect)
        {
            throw new ArgumentException(
                $"The optimizer has {GetType().Name} of {Dialect}, these are {options.GetType().Name} of {options.Dialect}.",
                nameof(options));
        }
    }

    /// <exception cref="ArgumentException">These options ask for another layout than those there were before.</exception>
    internal virtual void RefuseOtherLayout(OptimizerOptions before)
    {
        Laid(AccumulationSteps, before.AccumulationSteps, nameof(AccumulationSteps));
        Laid(AccumulationSchedule, before.AccumulationSchedule, nameof(AccumulationSchedule));
        Laid(LossScale, before.LossScale, nameof(LossScale));
        Laid(DecayMask, before.DecayMask, nameof(DecayMask));
        Laid(ZeroGradients, before.ZeroGradients, nameof(ZeroGradients));
        Laid(Ema, before.Ema, nameof(Ema));
        Laid(Backend, before.Backend, nameof(Backend));
        Laid(MaxDegreeOfParallelism, before.MaxDegreeOfParallelism, nameof(MaxDegreeOfParallelism));
        Laid(StateStorage, before.StateStorage, nameof(StateStorage));
        Laid(Logger, before.Logger, nameof(Logger));
    }

    /// <exception cref="ArgumentException">What is asked for is not what was laid out.</exception>
    private protected static void Laid(object? asked, object? there, string name)
    {
        if (!Equals(asked, there))
        {
            throw new ArgumentException(
                $"{name} is laid out at construction: it cannot become {asked ?? "none"} where it is {there ?? "none"}.",
                name);
        }
    }

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
        OnlyOnce(MaxUpdateNorm, optimizer.MaxUpdateNorm, nameof(MaxUpdateNorm));
        OnlyOnce(StateStorage, optimizer.StateStorage, nameof(StateStorage));
        OnlyOnce(Logger, optimizer.Logger, nameof(Logger));
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
            SparseMode = SparseMode ?? optimizer.SparseMode,
            ClipPercentile = optimizer.ClipPercentile,
            MaxUpdateNorm = optimizer.MaxUpdateNorm,
            MaxConsecutiveSkips = optimizer.MaxConsecutiveSkips,
            ClipNorm = optimizer.ClipNorm,
            GlobalClipNorm = optimizer.GlobalClipNorm,
            SkipNonFinite = optimizer.SkipNonFinite,
            AccumulationSteps = optimizer.AccumulationSteps,
            AccumulationSchedule = optimizer.AccumulationSchedule,
            LossScale = optimizer.LossScale,
            DecayMask = optimizer.DecayMask,
            Ema = optimizer.Ema,
            Backend = optimizer.Backend,
            MaxDegreeOfParallelism = optimizer.MaxDegreeOfParallelism,
            StateStorage = optimizer.StateStorage,
            Logger = optimizer.Logger,
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
