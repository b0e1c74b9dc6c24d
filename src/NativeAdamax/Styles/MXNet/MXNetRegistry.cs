namespace NativeAdamax.Styles.MXNet;

/// <summary>MXNet's optimizers by name, as mx.optimizer.create finds them.</summary>
public static class MXNetRegistry
{
    private const double WithoutDefault = 0.01;

    private static readonly Dictionary<string, OptimizerOptions> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["adam"] = new AdamOptions(),
        ["adamax"] = new AdamaxOptions(),
        ["adamw"] = new AdamWOptions(),
        ["nadam"] = new NadamOptions(),
    };

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>An optimizer by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>, in capitals or not.</param>
    /// <param name="arguments">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no such optimizer, or it does not have an argument.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    public static MXNetOptimizer Create(string name, MXNetArguments? arguments = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Known.TryGetValue(name, out OptimizerOptions? options))
        {
            throw new ArgumentException(
                $"There is no optimizer {name}; there are {string.Join(", ", Names)}.", nameof(name));
        }

        arguments ??= new MXNetArguments();
        return new MXNetOptimizer(Options(options, arguments), arguments);
    }

    private static OptimizerOptions Options(OptimizerOptions kind, MXNetArguments arguments)
    {
        MXNetArguments a = arguments;
        OnlyOf(kind is NadamOptions, a.ScheduleDecay, nameof(a.ScheduleDecay));
        OnlyOf(kind is AdamWOptions, a.CorrectBias, nameof(a.CorrectBias));
        bool hasFusedStep = kind is AdamOptions or AdamWOptions;
        OnlyOf(hasFusedStep || a.UseFusedStep != true, a.UseFusedStep, nameof(a.UseFusedStep));
        OptimizerOptions options = kind with
        {
            Dialect = Dialect.MXNet,
            LearningRate = Rate(a),
            Beta1 = a.Beta1,
            Beta2 = a.Beta2,
            Epsilon = a.Epsilon,
            WeightDecay = a.Wd,
            ClipValue = a.ClipGradient,
            BiasCorrection = a.CorrectBias,
            Backend = a.Backend,
        };
        options = options switch
        {
            NadamOptions nadam => nadam with { MomentumDecay = a.ScheduleDecay },
            AdamWOptions when a.UseFusedStep == false =>
                options with { WeightDecayForm = WeightDecayForm.DecoupledAfterUpdate },
            _ => options,
        };
        return options.Resolve();

        void OnlyOf(bool has, object? argument, string name)
        {
            if (!has && argument is not null)
            {
                throw new ArgumentException(
                    $"{kind.GetType().Name[..^"Options".Length]} takes no {name} of {argument}.", nameof(arguments));
            }
        }
    }

    /// <summary>
    /// A scheduler that is given alone keeps its base, which MXNet overwrites with the optimizer's default.
    /// </summary>
    private static LearningRate? Rate(MXNetArguments a) => a switch
    {
        { LrScheduler: { } scheduler, LearningRate: { } rate } => scheduler.Overwritten(rate),
        { LrScheduler: { } scheduler } => scheduler,
        { LearningRate: { } rate } => rate,
        { LearningRateIsSet: true } => WithoutDefault,
        _ => null,
    };
}
