namespace NativeAdamax.Dialects;

/// <summary>
/// An optimizer's numbers with every default filled in, and the scalars of each of its steps: the one place where the
/// systems' formulas are folded into the kernels'.
/// </summary>
/// <remarks>
/// With the corrections b1 = 1 - beta1^t and b2 = 1 - beta2^t, a quotient m/b1 / (sqrt(v/b2 + root) + eps) is multiplied
/// through by sqrt(b2): sqrt(b2)/b1 * m / (sqrt(v + root * b2) + eps * sqrt(b2)).
/// </remarks>
internal sealed record Recipe
{
    public required DialectRules Rules { get; init; }

    public required Algorithm Algorithm { get; init; }

    public required double Beta1 { get; init; }

    public required double Beta2 { get; init; }

    public required double Epsilon { get; init; }

    public required double WeightDecay { get; init; }

    public required WeightDecayForm DecayForm { get; init; }

    public double ClipValue { get; init; } = double.PositiveInfinity;

    public bool Maximize { get; init; }

    public bool ZeroGradients { get; init; }

    public bool AmsGrad { get; init; }

    /// <summary>What a gradient given by rows means; null: it is refused.</summary>
    public SparseMode? RowMode { get; init; }

    /// <summary>A whole gradient is refused.</summary>
    public bool OnlyRows { get; init; }

    public bool EpsilonAfterCorrection { get; init; }

    public double EpsilonRoot { get; init; }

    /// <summary>optax's momentum: m of the next step and g of this one.</summary>
    public bool Nesterov { get; init; }

    public double MomentumDecay { get; init; }

    /// <summary>False: the moments are taken as they are (BERT's AdamW).</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>Nadam with a momentum schedule: the running product of the momenta is part of the state.</summary>
    public bool HasProduct => Algorithm == Algorithm.Nadam && !Nesterov;

    /// <summary>The product of the momenta up to step t, from the one up to step t - 1.</summary>
    public double NextProduct(double product, long t, StepRates rates) =>
        HasProduct ? product * Momentum(t, rates.Beta1 ?? Beta1) : product;

    /// <summary>The scalars of update number t (1, 2, ...). product: of the momenta up to t.</summary>
    public StepScalars At(StepRates rates, long t, double product)
    {
        double learningRate = rates.LearningRate;
        double beta1 = rates.Beta1 ?? Beta1;
        double b1 = BiasCorrection ? 1 - FixedMath.Power(beta1, t) : 1;
        double b2 = BiasCorrection ? 1 - FixedMath.Power(Beta2, t) : 1;
        bool afterCorrection = EpsilonAfterCorrection || Algorithm == Algorithm.Nadam;
        StepScalars s = new()
        {
            GradScale = Maximize ? -1 : 1,
            Clip = ClipValue,
            C1 = 1 - beta1,
            C2 = 1 - Beta2,
            VCap = Rules.KeepsInfiniteMoment ? float.MaxValue : double.PositiveInfinity,
            ZeroGrad = ZeroGradients,
        };
        s = Algorithm switch
        {
            Algorithm.Adamax => s with
            {
                EpsIn = Rules.EpsilonInsideMaximum ? Epsilon : 0,
                Eps = Rules.EpsilonInsideMaximum ? 0 : Epsilon,
                Step = learningRate / b1,
            },
            _ when AmsGrad && Rules.CorrectedMaximum => s with
            {
                NuScale = 1 / b2,
                Root = EpsilonRoot,
                Eps = Epsilon,
                Step = learningRate / b1,
            },
            _ => s with
            {
                Root = afterCorrection ? EpsilonRoot * b2 : EpsilonRoot,
                Eps = afterCorrection ? Epsilon * Math.Sqrt(b2) : Epsilon,
                Step = learningRate * Math.Sqrt(b2) / b1,
            },
        };
        return WithDecay(WithMomentum(s, beta1, t, product), rates);
    }

    /// <summary>Moves the correction of m from the step into the numerator, where g joins with one of its own.</summary>
    private StepScalars WithMomentum(StepScalars s, double beta1, long t, double product)
    {
        double b1 = BiasCorrection ? 1 - FixedMath.Power(beta1, t) : 1;
        if (Nesterov)
        {
            double next = BiasCorrection ? 1 - FixedMath.Power(beta1, t + 1) : 1;
            return s with { Step = s.Step * b1, NumM = beta1 / next, NumG = (1 - beta1) / b1 };
        }

        if (!HasProduct)
            return s;

        double following = Momentum(t + 1, beta1);
        product = BiasCorrection ? product : 0;
        return s with
        {
            Step = s.Step * b1,
            NumM = following / (1 - product * following),
            NumG = (1 - Momentum(t, beta1)) / (1 - product),
        };
    }

    private StepScalars WithDecay(StepScalars s, StepRates rates)
    {
        double decay = WeightDecay * rates.DecayFactor;
        if (decay == 0)
            return s;
        return DecayForm switch
        {
            WeightDecayForm.Coupled => s with { L2 = decay },
            WeightDecayForm.Decoupled => s with { Lambda = rates.LearningRate * decay },
            WeightDecayForm.DecoupledCorrectedRate => s with { Lambda = s.Step * decay },
            _ => s with { Lambda = s.Step * decay, Step = s.Step * (1 - s.Step * decay) },
        };
    }

    /// <summary>beta1 * (1 - 0.5 * 0.96^(t * psi)), Dozat's schedule.</summary>
    private double Momentum(long t, double beta1) =>
        beta1 * (1 - 0.5 * FixedMath.Exp(Math.Max(t * MomentumDecay * FixedMath.Log(0.96), -700)));
}
