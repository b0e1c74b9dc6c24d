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

    /// <summary>Nadam's momentum schedule; null where there is none.</summary>
    public Momenta? Momenta { get; init; }

    /// <summary>False: the moments are taken as they are (BERT's AdamW).</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>Whether the running product of the momenta is part of the state.</summary>
    public bool HasProduct => Momenta is not null;

    /// <summary>The product of the momenta up to step t, from the one up to step t - 1.</summary>
    public double NextProduct(double product, long t, StepRates rates) =>
        Momenta is null ? product : product * ((rates.Beta1 ?? Beta1) * Momenta.At(t));

    /// <summary>The scalars of update number t (1, 2, ...). product: of the momenta up to t.</summary>
    public StepScalars At(in StepRates rates, long t, double product)
    {
        double beta1 = rates.Beta1 ?? Beta1;
        (double b1, double b2) = Corrections(beta1, t);
        bool adamax = Algorithm == Algorithm.Adamax;
        bool correctsMaximum = !adamax && AmsGrad && Rules.CorrectedMaximum;
        (double eps, double root, double step) = adamax || correctsMaximum
            ? (Epsilon, EpsilonRoot, rates.LearningRate / b1)
            : MultipliedThrough(rates.LearningRate, b1, b2);
        (double numM, double numG) = Numerator(beta1, b1, t, product);
        if (Nesterov || HasProduct)
            step *= b1;
        (double l2, double lambda, step) = Decay(rates, step);
        return new StepScalars
        {
            GradScale = Maximize ? -1 : 1,
            Clip = ClipValue,
            L2 = l2,
            C1 = 1 - beta1,
            C2 = 1 - Beta2,
            VCap = Rules.KeepsInfiniteMoment ? float.MaxValue : double.PositiveInfinity,
            NuScale = correctsMaximum ? 1 / b2 : 1,
            Root = adamax ? 0 : root,
            Eps = adamax && Rules.EpsilonInsideMaximum ? 0 : eps,
            EpsIn = adamax && Rules.EpsilonInsideMaximum ? eps : 0,
            NumM = numM,
            NumG = numG,
            Lambda = lambda,
            Step = step,
            ZeroGrad = ZeroGradients,
        };
    }

    /// <summary>
    /// 1 - beta1^t and 1 - beta2^t. beta^t is at most e^(-t (1 - beta)): one that is lost beside 1 is taken for 0, before its
    /// squares become denormal, and slow.
    /// </summary>
    private (double B1, double B2) Corrections(double beta1, long t)
    {
        double x = t * (1 - beta1) > 42 ? 0 : beta1, y = t * (1 - Beta2) > 42 ? 0 : Beta2;
        if (!BiasCorrection || (x == 0 && y == 0))
            return (1, 1);
        (double power1, double power2) = FixedMath.Powers(x, y, t);
        return (1 - power1, 1 - power2);
    }

    /// <summary>Adam's correction of v, and where it belongs that of epsilon, moved into the step.</summary>
    private (double Eps, double Root, double Step) MultipliedThrough(double learningRate, double b1, double b2)
    {
        double sqrt = Math.Sqrt(b2);
        return EpsilonAfterCorrection || Algorithm == Algorithm.Nadam
            ? (Epsilon * sqrt, EpsilonRoot * b2, learningRate * sqrt / b1)
            : (Epsilon, EpsilonRoot, learningRate * sqrt / b1);
    }

    /// <summary>The factors of m and g: where g joins, the correction of m is not in the step, but in its factor.</summary>
    private (double NumM, double NumG) Numerator(double beta1, double b1, long t, double product)
    {
        if (Nesterov)
            return (beta1 / (BiasCorrection ? 1 - FixedMath.Power(beta1, t + 1) : 1), (1 - beta1) / b1);
        if (Momenta is null)
            return (1, 0);
        double following = beta1 * Momenta.At(t + 1);
        product = BiasCorrection ? product : 0;
        return (following / (1 - product * following), (1 - beta1 * Momenta.At(t)) / (1 - product));
    }

    private (double L2, double Lambda, double Step) Decay(in StepRates rates, double step)
    {
        double decay = WeightDecay * rates.DecayFactor;
        if (decay == 0)
            return (0, 0, step);
        return DecayForm switch
        {
            WeightDecayForm.Coupled => (decay, 0, step),
            WeightDecayForm.Decoupled => (0, rates.LearningRate * decay, step),
            WeightDecayForm.DecoupledCorrectedRate => (0, step * decay, step),
            _ => (0, step * decay, step * (1 - step * decay)),
        };
    }
}
