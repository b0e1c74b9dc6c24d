namespace NativeAdamax;

/// <content>What the options of a group may say.</content>
public abstract partial record OptimizerOptions
{
    /// <summary>What is laid out once, for all groups; null where nothing is said.</summary>
    private (string Name, object? Value)[] LaidOut =>
    [
        (nameof(AccumulationSteps), AccumulationSteps),
        (nameof(AccumulationSchedule), AccumulationSchedule),
        (nameof(LossScale), LossScale),
        (nameof(DecayMask), DecayMask),
        (nameof(Ema), Ema),
        (nameof(Backend), Backend),
        (nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism == 0 ? null : MaxDegreeOfParallelism),
        (nameof(StateStorage), StateStorage),
        (nameof(Precision), Precision),
        (nameof(Logger), Logger),
    ];

    /// <summary>What holds for all groups; null where nothing is said.</summary>
    private (string Name, object? Value)[] ForAll =>
    [
        .. LaidOut,
        (nameof(ClipNorm), ClipNorm),
        (nameof(GlobalClipNorm), GlobalClipNorm),
        (nameof(ClipPercentile), ClipPercentile),
        (nameof(MaxUpdateNorm), MaxUpdateNorm),
        (nameof(SkipNonFinite), SkipNonFinite ? true : null),
        (nameof(MaxConsecutiveSkips), MaxConsecutiveSkips),
    ];

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
        foreach (((string name, object? asked), (_, object? there)) in LaidOut.Zip(before.LaidOut))
            Laid(asked, there, name);
        Laid(ZeroGradients, before.ZeroGradients, nameof(ZeroGradients));
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
        foreach (((string name, object? own), (_, object? whole)) in ForAll.Zip(optimizer.ForAll))
            OnlyOnce(own, whole, name);
        return optimizer with
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
