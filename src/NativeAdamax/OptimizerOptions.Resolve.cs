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
        OptimizerOptions resolved = this with
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
            SparseMode = SparseMode ?? (rules.TakesRows ? NativeAdamax.SparseMode.Dense : null),
        };
        resolved.RefuseWithRows();
        return resolved;
    }

    /// <summary>What the engine needs to know beyond recipes.</summary>
    internal EngineSettings ToSettings() => new()
    {
        Threads = MaxDegreeOfParallelism == 0 ? Environment.ProcessorCount : MaxDegreeOfParallelism,
        ClipNorm = ClipNorm,
        GlobalClipNorm = GlobalClipNorm,
        ClipPercentile = ClipPercentile,
        MaxUpdateNorm = MaxUpdateNorm,
        ClipFormula = Rules.ClipFormula,
        Accumulates = AccumulationSchedule is not null || AccumulationSteps > 1,
        ZeroGradients = ZeroGradients == true,
        StateFolder = StateStorage?.Folder,
        Precision = Precision,
    };

    /// <summary>What excludes each other.</summary>
    private void RefuseTogether(DialectRules rules)
    {
        int clips = (ClipNorm is null ? 0 : 1) + (GlobalClipNorm is null ? 0 : 1) + (ClipValue is null ? 0 : 1);
        if (rules.OneClip && clips > 1)
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
        RowMode = SparseMode,
    };
}
