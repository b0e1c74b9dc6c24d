using NativeAdamax.Clipping;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>From what the user said to the numbers that the engine computes with.</content>
public abstract partial record OptimizerOptions
{
    internal abstract Algorithm Algorithm { get; }

    internal DialectRules Rules => DialectRules.Of(Dialect);

    /// <summary>These options with every null that has a default replaced by it.</summary>
    /// <exception cref="ArgumentException">The dialect has no default learning rate and none is given.</exception>
    internal virtual OptimizerOptions Resolve()
    {
        DialectRules rules = Rules;
        RefuseTogether(rules);
        bool adamW = Algorithm == Algorithm.AdamW;
        double? rate = Algorithm switch
        {
            Algorithm.Adamax => rules.AdamaxLearningRate,
            Algorithm.Nadam => rules.NadamLearningRate,
            _ => rules.LearningRate,
        };
        if (LearningRate is null && rate is null)
            throw new ArgumentException($"{Dialect} has no default learning rate: give LearningRate.", nameof(LearningRate));
        return this with
        {
            LearningRate = LearningRate ?? rate!.Value,
            Beta1 = Beta1 ?? 0.9,
            Beta2 = Beta2 ?? 0.999,
            Epsilon = Epsilon ?? (adamW ? rules.AdamWEpsilon : null) ?? rules.Epsilon,
            WeightDecay = WeightDecay ?? (adamW ? rules.AdamWDecay : 0),
            WeightDecayForm = WeightDecayForm ?? (adamW ? rules.AdamWDecayForm : rules.DecayForm),
            Maximize = Maximize ?? false,
            ZeroGradients = ZeroGradients ?? false,
            BiasCorrection = BiasCorrection ?? true,
        };
    }

    /// <summary>What the engine needs to know beyond recipes.</summary>
    internal EngineSettings ToSettings() => new()
    {
        Threads = MaxDegreeOfParallelism == 0 ? Environment.ProcessorCount : MaxDegreeOfParallelism,
        ClipNorm = ClipNorm,
        GlobalClipNorm = GlobalClipNorm,
        ClipPercentile = ClipPercentile,
        ClipFormula = Rules.ClipFormula,
        Accumulates = AccumulationSchedule is not null || AccumulationSteps > 1,
        ZeroGradients = ZeroGradients == true,
    };

    /// <summary>What holds for a whole optimizer cannot be another thing for one of its groups.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    internal void RefuseInGroup(OptimizerOptions optimizer)
    {
        Refuse(Ema, optimizer.Ema, nameof(Ema));
        Refuse(Backend, optimizer.Backend, nameof(Backend));
        Refuse(ClipNorm, optimizer.ClipNorm, nameof(ClipNorm));
        Refuse(GlobalClipNorm, optimizer.GlobalClipNorm, nameof(GlobalClipNorm));
        Refuse(ClipPercentile, optimizer.ClipPercentile, nameof(ClipPercentile));
        Refuse(AccumulationSteps, optimizer.AccumulationSteps, nameof(AccumulationSteps));
        Refuse(AccumulationSchedule, optimizer.AccumulationSchedule, nameof(AccumulationSchedule));
        Refuse(LossScale, optimizer.LossScale, nameof(LossScale));
        Refuse(DecayMask, optimizer.DecayMask, nameof(DecayMask));
        Refuse<object>(
            MaxDegreeOfParallelism == 0 ? null : MaxDegreeOfParallelism, optimizer.MaxDegreeOfParallelism,
            nameof(MaxDegreeOfParallelism));

        static void Refuse<T>(T? group, T? whole, string name)
        {
            if (group is not null && !group.Equals(whole))
                throw new ArgumentException($"{name} is the optimizer's: a group cannot have another.", name);
        }
    }

    /// <summary>These options of a group with every null replaced by the optimizer's value.</summary>
    internal virtual OptimizerOptions Inherit(OptimizerOptions optimizer) => this with
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
    };

    /// <summary>What excludes each other.</summary>
    private void RefuseTogether(DialectRules rules)
    {
        int norms = (ClipNorm is null ? 0 : 1) + (GlobalClipNorm is null ? 0 : 1);
        int clips = norms + (ClipValue is null ? 0 : 1);
        if ((rules.OneClip && clips > 1) || (rules.ClipFormula == ClipFormula.Keras && norms > 1))
        {
            throw new ArgumentException(
                $"{Dialect} takes one of {nameof(ClipNorm)}, {nameof(GlobalClipNorm)} and {nameof(ClipValue)}.");
        }

        if (AccumulationSteps > 1 && AccumulationSchedule is not null)
        {
            throw new ArgumentException(
                $"{nameof(AccumulationSteps)} and {nameof(AccumulationSchedule)} exclude each other.");
        }

        if (MaxConsecutiveSkips is not null && !SkipNonFinite)
            throw new ArgumentException($"{nameof(MaxConsecutiveSkips)} needs {nameof(SkipNonFinite)}.");
    }

    /// <summary>The numbers that the engine computes with, of resolved options.</summary>
    internal virtual Recipe ToRecipe() => new()
    {
        Rules = Rules,
        Algorithm = Algorithm,
        Beta1 = Beta1!.Value,
        Beta2 = Beta2!.Value,
        Epsilon = Epsilon!.Value,
        WeightDecay = WeightDecay!.Value,
        DecayForm = WeightDecayForm!.Value,
        ClipValue = ClipValue ?? double.PositiveInfinity,
        Maximize = Maximize!.Value,
        BiasCorrection = BiasCorrection!.Value,
        ZeroGradients = ZeroGradients!.Value,
        EpsilonAfterCorrection = Rules.EpsilonAfterCorrection,
    };
}
