using NativeAdamax.Dialects;

namespace NativeAdamax.Styles.Keras;

/// <summary>
/// An optimizer called as those of Keras or tf_keras: built over variables once, given gradients at every step, with
/// state variables and a configuration under the system's names. All arithmetic is <see cref="Optimizer"/>'s.
/// </summary>
/// <remarks>Variables are <see cref="Parameter"/>s; their names are Keras's paths, such as "dense/kernel".</remarks>
public sealed partial class KerasOptimizer : IDisposable
{
    private OptimizerOptions _options;
    private Optimizer? _optimizer;

    /// <summary>An optimizer without variables yet.</summary>
    /// <param name="options">Which optimizer, and its numbers. Their dialect is Keras or tf_keras.</param>
    /// <param name="name">Null: as Keras calls it, adam, adam_w, adamax or nadam; tf_keras Adam and so on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The dialect is another system's, or two options exclude each other.
    /// </exception>
    public KerasOptimizer(OptimizerOptions options, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Dialect is not (Dialect.Keras or Dialect.TfKeras))
            throw new ArgumentException($"The dialect is {options.Dialect}, not Keras or TfKeras.", nameof(options));
        _ = options.Resolve();
        _options = options;
        Name = name ?? DefaultName(options);
    }

    /// <summary>The first part of the paths of its variables.</summary>
    public string Name { get; }

    /// <summary>All numbers as they are now.</summary>
    public OptimizerOptions Options => _optimizer?.Options ?? _options.Resolve();

    /// <summary>Whether there are variables.</summary>
    public bool IsBuilt => _optimizer is not null;

    /// <summary>What this one stands on: averages, reports and the rest.</summary>
    /// <exception cref="InvalidOperationException">There is no such thing before <see cref="Build"/>.</exception>
    public Optimizer Inner => _optimizer
        ?? throw new InvalidOperationException($"{Name} has no variables yet: call {nameof(Build)} first.");

    /// <summary>Updates so far: calls divided by the accumulation steps, rounded down.</summary>
    public long Iterations => _optimizer?.StepCount ?? 0;

    /// <summary>The learning rate of the next step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to a negative, infinite or NaN number.</exception>
    /// <exception cref="InvalidOperationException">It is set while a function or a schedule rules.</exception>
    public double LearningRate
    {
        get => _optimizer?.LearningRate ?? Options.LearningRate!.At(0);

        set
        {
            if (_optimizer is not null)
                _optimizer.LearningRate = value;
            else if (Options.LearningRate is NativeAdamax.LearningRate.Number)
                _options = _options with { LearningRate = value };
            else
                throw new InvalidOperationException(
                    $"A {Options.LearningRate!.GetType().Name} rules the learning rate: it cannot be set to {value}.");
        }
    }

    /// <summary>What rules the learning rate: a number, a function or a schedule.</summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public LearningRate LearningRateRule
    {
        get => Options.LearningRate!;

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (_optimizer is not null)
                _optimizer.LearningRateRule = value;
            else
                _options = _options with { LearningRate = value };
        }
    }

    /// <summary>A loss times the loss scale, to be differentiated; the loss itself without one.</summary>
    public double ScaleLoss(double loss) => loss * (_options.LossScale?.Scale ?? 1);

    /// <summary>Makes the state of variables. A second call does nothing, whatever it is given.</summary>
    /// <param name="variables">At least one, none twice.</param>
    /// <exception cref="ArgumentNullException"><paramref name="variables"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no variable, one is null or stands there twice, or two share memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A variable has been disposed.</exception>
    public void Build(IEnumerable<Parameter> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (_optimizer is not null)
            return;
        _optimizer = OptimizerOf.Options(_options, [new ParameterGroup(variables)]);
        ApplyExclusion();
    }

    /// <summary>
    /// Makes the variables their averages, as at the end of training; does nothing without an average.
    /// </summary>
    /// <param name="variables">Those built with, in their order; null: those.</param>
    /// <exception cref="ArgumentException">The variables are others.</exception>
    /// <exception cref="InvalidOperationException">There are no variables, or there was no update yet.</exception>
    public void FinalizeVariableValues(IReadOnlyList<Parameter>? variables = null)
    {
        if (variables is not null && !variables.SequenceEqual(Inner.Parameters))
        {
            throw new ArgumentException(
                "These are not the variables that the optimizer was built with.", nameof(variables));
        }

        Inner.Ema?.CopyToWeights();
    }

    /// <summary>Frees the state. Not the variables.</summary>
    public void Dispose()
    {
        _optimizer?.Dispose();
        _scratch?.DisposeWithVariables();
        _scratch = null;
    }

    private static string DefaultName(OptimizerOptions options) => (options.Algorithm, options.Dialect) switch
    {
        (Algorithm.AdamW, Dialect.Keras) => "adam_w",
        (Algorithm algorithm, Dialect.Keras) => algorithm.ToString().ToLowerInvariant(),
        (Algorithm algorithm, _) => algorithm.ToString(),
    };
}
