using NativeAdamax.Dialects;

namespace NativeAdamax;

/// <summary>What <see cref="Adam"/> and <see cref="AdamW"/> share beyond every optimizer's options.</summary>
public abstract record AdamFamilyOptions : OptimizerOptions
{
    /// <summary>
    /// AMSGrad: divide by the root of the largest second moment so far; of the raw one, or with optax of the one
    /// corrected for bias. Null: no.
    /// </summary>
    public bool? AmsGrad { get; init; }

    /// <summary>
    /// True: epsilon is added to the root of the corrected second moment, as in Algorithm 1 of the paper (tf_keras's
    /// adaptive_epsilon). False: to that of the raw one, the paper's epsilon hat, which is 31.6 times stronger at the
    /// first step. Null: true for PyTorch and optax.
    /// </summary>
    public bool? AdaptiveEpsilon { get; init; }

    /// <summary>Added to the second moment under the root (optax's eps_root); 0 or above. Null: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public double? EpsilonRoot
    {
        get;
        init => field = value is { } given ? Check.NotNegative(given) : null;
    }

    /// <summary>Nesterov momentum as optax has it: the first moment of the next step, and this step's gradient. Null: no.</summary>
    public bool? Nesterov { get; init; }

    internal override OptimizerOptions Resolve() =>
        (AdamFamilyOptions)base.Resolve() with
        {
            AmsGrad = AmsGrad ?? false,
            AdaptiveEpsilon = AdaptiveEpsilon ?? Rules.EpsilonAfterCorrection,
            EpsilonRoot = EpsilonRoot ?? 0,
            Nesterov = Nesterov ?? false,
        };

    internal override OptimizerOptions Inherit(OptimizerOptions optimizer) =>
        (AdamFamilyOptions)base.Inherit(optimizer) with
        {
            AmsGrad = AmsGrad ?? ((AdamFamilyOptions)optimizer).AmsGrad,
            AdaptiveEpsilon = AdaptiveEpsilon ?? ((AdamFamilyOptions)optimizer).AdaptiveEpsilon,
            EpsilonRoot = EpsilonRoot ?? ((AdamFamilyOptions)optimizer).EpsilonRoot,
            Nesterov = Nesterov ?? ((AdamFamilyOptions)optimizer).Nesterov,
        };

    internal override void RefuseOtherLayout(OptimizerOptions before)
    {
        Laid(AmsGrad, ((AdamFamilyOptions)before).AmsGrad, nameof(AmsGrad));
        base.RefuseOtherLayout(before);
    }

    internal override Recipe ToRecipe() => base.ToRecipe() with
    {
        AmsGrad = AmsGrad!.Value,
        EpsilonAfterCorrection = AdaptiveEpsilon!.Value,
        EpsilonRoot = EpsilonRoot!.Value,
        Nesterov = Nesterov!.Value,
    };
}
