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
    /// <param name="muDtype">
    /// <see cref="StateFormat.BFloat16"/>: first moments are rounded to it where they are stored; the step takes them
    /// unrounded. They stand in arrays of float all the same: <see cref="OptimizerOptions.Precision"/> saves the memory.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="muDtype"/> is neither float32 nor bfloat16.</exception>
    public static GradientTransformation ScaleByAdam(
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0, bool nesterov = false,
        StateFormat muDtype = StateFormat.Float32) =>
        new ScaleByMoments(Options(b1, b2, eps, epsRoot, muDtype) with { Nesterov = nesterov });

    /// <summary>The direction of AMSGrad: over the largest second moment so far, corrected for bias.</summary>
    /// <inheritdoc cref="ScaleByAdam"/>
    public static GradientTransformation ScaleByAmsgrad(
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        StateFormat muDtype = StateFormat.Float32) =>
        new ScaleByMoments(Options(b1, b2, eps, epsRoot, muDtype) with { AmsGrad = true });

    /// <summary>The direction of Adamax.</summary>
    /// <param name="b1">From 0 up to but not including 1.</param>
    /// <param name="b2">From 0 up to but not including 1.</param>
    /// <param name="eps">Added inside the maximum; 0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
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
    /// <param name="muDtype">
    /// <see cref="StateFormat.BFloat16"/>: first moments are rounded to it where they are stored; the step takes them
    /// unrounded. They stand in arrays of float all the same: <see cref="OptimizerOptions.Precision"/> saves the memory.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="muDtype"/> is neither float32 nor bfloat16.</exception>
    public static Chain Adam(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0, bool nesterov = false,
        StateFormat muDtype = StateFormat.Float32) =>
        new(ScaleByAdam(b1, b2, eps, epsRoot, nesterov, muDtype), ScaleByLearningRate(learningRate));

    /// <summary>Nadam: Adam with Nesterov momentum.</summary>
    /// <inheritdoc cref="Adam"/>
    public static Chain Nadam(
        LearningRate learningRate, double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        StateFormat muDtype = StateFormat.Float32) =>
        Adam(learningRate, b1, b2, eps, epsRoot, nesterov: true, muDtype);

    /// <summary>AMSGrad.</summary>
    /// <inheritdoc cref="Adam"/>
    public static Chain AmsGrad(
        LearningRate learningRate, double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        StateFormat muDtype = StateFormat.Float32) =>
        new(ScaleByAmsgrad(b1, b2, eps, epsRoot, muDtype), ScaleByLearningRate(learningRate));

    /// <summary>Adamax.</summary>
    /// <param name="learningRate">A number, a function or a schedule.</param>
    /// <param name="b1">From 0 up to but not including 1.</param>
    /// <param name="b2">From 0 up to but not including 1.</param>
    /// <param name="eps">Added inside the maximum; 0 or above.</param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
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
    /// <param name="muDtype">
    /// <see cref="StateFormat.BFloat16"/>: first moments are rounded to it where they are stored; the step takes them
    /// unrounded. They stand in arrays of float all the same: <see cref="OptimizerOptions.Precision"/> saves the memory.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="muDtype"/> is neither float32 nor bfloat16.</exception>
    public static Chain AdamW(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        LearningRate? weightDecay = null, Mask? mask = null, bool nesterov = false,
        StateFormat muDtype = StateFormat.Float32) =>
        new(ScaleByAdam(b1, b2, eps, epsRoot, nesterov, muDtype),
            AddDecayedWeights(weightDecay ?? DefaultDecay, mask),
            ScaleByLearningRate(learningRate));

    /// <summary>Nadam with decoupled weight decay.</summary>
    /// <inheritdoc cref="AdamW"/>
    public static Chain NadamW(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8, double epsRoot = 0,
        LearningRate? weightDecay = null, Mask? mask = null, StateFormat muDtype = StateFormat.Float32) =>
        AdamW(learningRate, b1, b2, eps, epsRoot, weightDecay, mask, nesterov: true, muDtype);

    /// <summary>Adamax with decoupled weight decay.</summary>
    /// <param name="learningRate">A number, a function or a schedule.</param>
    /// <param name="b1">From 0 up to but not including 1.</param>
    /// <param name="b2">From 0 up to but not including 1.</param>
    /// <param name="eps">Added inside the maximum; 0 or above.</param>
    /// <param name="weightDecay">A number or a schedule; 0 or above.</param>
    /// <param name="mask">Which leaves decay; null: all.</param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Chain AdamaxW(
        LearningRate learningRate,
        double b1 = 0.9, double b2 = 0.999, double eps = 1e-8,
        LearningRate? weightDecay = null, Mask? mask = null) =>
        new(ScaleByAdamax(b1, b2, eps),
            AddDecayedWeights(weightDecay ?? DefaultDecay, mask),
            ScaleByLearningRate(learningRate));

    private const double DefaultDecay = 1e-4;

    private static AdamOptions Options(double b1, double b2, double eps, double epsRoot, StateFormat muDtype) => new()
    {
        Precision = muDtype is StateFormat.Float32 or StateFormat.BFloat16
            ? new StatePrecision { FirstMoment = muDtype }
            : throw new ArgumentException(
                $"{nameof(muDtype)} cannot be {muDtype}: first moments in trees are rounded to float32 or bfloat16.",
                nameof(muDtype)),
        Dialect = Dialect.Optax,
        LearningRate = 1,
        Beta1 = b1,
        Beta2 = b2,
        Epsilon = eps,
        EpsilonRoot = epsRoot,
    };
}
