namespace NativeAdamax.Styles.Optax;

/// <summary>optax's transformations under its names, with its defaults. For <c>using static</c>.</summary>
public static partial class Transforms
{
    /// <summary>The direction of Adam, without learning rate and sign.</summary>
    /// <param name="b1">From 0 up to but not including 1.</param>
    /// <param name="b2">From 0 up to but not including 1.</param>
    /// <param name="eps">Added to the root; 0 or above.</param>
    /// <param name="epsRoot">Added under the root; 0 or above.</param>
    /// <param name="nesterov">Nesterov momentum: Nadam.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static GradientTransformation ScaleByAdam(
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0, bool nesterov = false) =>
        new ScaleByMoments(Options(b1, b2, eps, epsRoot) with { Nesterov = nesterov });

    /// <summary>The direction of AMSGrad: over the largest second moment so far, corrected for bias.</summary>
    /// <inheritdoc cref="ScaleByAdam"/>
    public static GradientTransformation ScaleByAmsgrad(
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0) =>
        new ScaleByMoments(Options(b1, b2, eps, epsRoot) with { AmsGrad = true });

    /// <summary>The direction of Adamax.</summary>
    /// <inheritdoc cref="ScaleByAdam"/>
    public static GradientTransformation ScaleByAdamax(double b1 = 0.9, double b2 = 0.999, double eps = 1e-8) =>
        new ScaleByMoments(new AdamaxOptions
        {
            Dialect = Dialect.Optax,
            LearningRate = 1,
            Beta1 = b1,
            Beta2 = b2,
            Epsilon = eps,
        });

    /// <summary>Adam.</summary>
    /// <param name="learningRate">A number, a function or a schedule.</param>
    /// <param name="b1">From 0 up to but not including 1.</param>
    /// <param name="b2">From 0 up to but not including 1.</param>
    /// <param name="eps">Added to the root; 0 or above.</param>
    /// <param name="epsRoot">Added under the root; 0 or above.</param>
    /// <param name="nesterov">Nesterov momentum: Nadam.</param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Chain Adam(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0, bool nesterov = false) =>
        new(ScaleByAdam(b1, b2, eps, epsRoot, nesterov), ScaleByLearningRate(learningRate));

    /// <summary>Nadam: Adam with Nesterov momentum.</summary>
    /// <inheritdoc cref="Adam"/>
    public static Chain Nadam(
        LearningRate learningRate, double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0) =>
        Adam(learningRate, b1, b2, eps, epsRoot, nesterov: true);

    /// <summary>AMSGrad.</summary>
    /// <inheritdoc cref="Adam"/>
    public static Chain AmsGrad(
        LearningRate learningRate, double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0) =>
        new(ScaleByAmsgrad(b1, b2, eps, epsRoot), ScaleByLearningRate(learningRate));

    /// <summary>Adamax.</summary>
    /// <inheritdoc cref="Adam"/>
    public static Chain Adamax(
        LearningRate learningRate, double b1 = 0.9, double b2 = 0.999, double eps = 1e-8) =>
        new(ScaleByAdamax(b1, b2, eps), ScaleByLearningRate(learningRate));

    /// <summary>Adam with decoupled weight decay.</summary>
    /// <param name="learningRate">A number, a function or a schedule.</param>
    /// <param name="b1">From 0 up to but not including 1.</param>
    /// <param name="b2">From 0 up to but not including 1.</param>
    /// <param name="eps">Added to the root; 0 or above.</param>
    /// <param name="epsRoot">Added under the root; 0 or above.</param>
    /// <param name="weightDecay">A number or a schedule; 0 or above.</param>
    /// <param name="mask">Which leaves decay; null: all.</param>
    /// <param name="nesterov">Nesterov momentum: NadamW.</param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Chain AdamW(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        LearningRate? weightDecay = null, Mask? mask = null, bool nesterov = false) =>
        new(ScaleByAdam(b1, b2, eps, epsRoot, nesterov),
            AddDecayedWeights(weightDecay ?? DefaultDecay, mask),
            ScaleByLearningRate(learningRate));

    /// <summary>Nadam with decoupled weight decay.</summary>
    /// <inheritdoc cref="AdamW"/>
    public static Chain NadamW(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        LearningRate? weightDecay = null, Mask? mask = null) =>
        AdamW(learningRate, b1, b2, eps, epsRoot, weightDecay, mask, nesterov: true);

    /// <summary>Adamax with decoupled weight decay.</summary>
    /// <inheritdoc cref="AdamW"/>
    public static Chain AdamaxW(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8,
        LearningRate? weightDecay = null, Mask? mask = null) =>
        new(ScaleByAdamax(b1, b2, eps),
            AddDecayedWeights(weightDecay ?? DefaultDecay, mask),
            ScaleByLearningRate(learningRate));

    private const double DefaultDecay = 1e-4;

    private static AdamOptions Options(double b1, double b2, double eps, double epsRoot) => new()
    {
        Dialect = Dialect.Optax,
        LearningRate = 1,
        Beta1 = b1,
        Beta2 = b2,
        Epsilon = eps,
        EpsilonRoot = epsRoot,
    };
}
