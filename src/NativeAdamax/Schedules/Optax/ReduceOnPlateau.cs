namespace NativeAdamax.Schedules.Optax;

/// <summary>
/// optax's reduce_on_plateau: a learning rate times a scale that begins at 1. A mean of accumulationSize values
/// improves on the best one if it is below <c>(1 - rtol) * best - atol</c>; at the patience-th mean in a row that does
/// not, the scale is multiplied by factor, but not below minScale, and the next cooldown means are not counted.
/// </summary>
/// <remarks>It is told values and remembers them: an object of it is for one optimizer.</remarks>
public sealed class ReduceOnPlateau : Schedule, IRemembers
{
    private readonly LearningRate _learningRate;
    private double _best = double.PositiveInfinity;
    private double _sum;
    private int _values;
    private int _failures;
    private int _cooldownLeft;

    /// <summary>A learning rate that is scaled down while values stay.</summary>
    /// <param name="learningRate">What is scaled: a number, a function or a schedule.</param>
    /// <param name="factor">Above 0 and below 1.</param>
    /// <param name="patience">Means without improvement that lower the scale; 1 or above.</param>
    /// <param name="rtol">The relative improvement that counts; from 0 to 1.</param>
    /// <param name="atol">
    /// The absolute improvement that counts; finite, 0 or above, and above 0 where rtol is 0.
    /// </param>
    /// <param name="cooldown">Means after a reduction that are not counted; 0 or above.</param>
    /// <param name="accumulationSize">Values of one mean; 1 or above.</param>
    /// <param name="minScale">The lowest scale; from 0 to 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="learningRate"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public ReduceOnPlateau(
        LearningRate learningRate, double factor = 0.1, int patience = 10, double rtol = 1e-4, double atol = 0,
        int cooldown = 0, int accumulationSize = 1, double minScale = 0)
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        _learningRate = learningRate;
        Factor = factor is > 0 and < 1 ? factor : throw Check.OutOfRange(factor, nameof(factor), "above 0 and below 1");
        Patience = (int)Check.AtLeast(patience, 1, nameof(patience));
        Rtol = Check.Fraction(rtol, nameof(rtol));
        Atol = rtol == 0 ? Check.PositiveFinite(atol, nameof(atol)) : Check.NotNegative(atol, nameof(atol));
        Cooldown = (int)Check.AtLeast(cooldown, 0, nameof(cooldown));
        AccumulationSize = (int)Check.AtLeast(accumulationSize, 1, nameof(accumulationSize));
        MinScale = Check.Fraction(minScale, nameof(minScale));
    }

    /// <summary>The factor of one reduction.</summary>
    public double Factor { get; }

    /// <summary>Means without improvement that lower the scale.</summary>
    public int Patience { get; }

    /// <summary>The relative improvement that counts.</summary>
    public double Rtol { get; }

    /// <summary>The absolute improvement that counts.</summary>
    public double Atol { get; }

    /// <summary>Means after a reduction that are not counted.</summary>
    public int Cooldown { get; }

    /// <summary>Values of one mean.</summary>
    public int AccumulationSize { get; }

    /// <summary>The lowest scale.</summary>
    public double MinScale { get; }

    /// <summary>The scale now.</summary>
    public double Scale { get; private set; } = 1;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Memory
    {
        get => new Dictionary<string, double>
        {
            ["scale"] = Scale,
            ["best"] = _best,
            ["sum"] = _sum,
            ["values"] = _values,
            ["failures"] = _failures,
            ["cooldown_left"] = _cooldownLeft,
        };

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            double sum = value.TryGetValue("sum", out double s) && double.IsNaN(s) ? s : value.Number("sum");
            (Scale, _best, _sum, _values, _failures, _cooldownLeft) = (
                value.Number("scale", 0, 1), value.Number("best"), sum, value.Count("values", AccumulationSize - 1),
                value.Count("failures", Patience - 1), value.Count("cooldown_left", Cooldown));
        }
    }

    internal override IEnumerable<LearningRate> Inner => [_learningRate];

    /// <inheritdoc/>
    public override double? Beta1At(long count) => _learningRate.Beta1At(count);

    /// <summary>
    /// Tells a value, such as a loss; the lower the better. Where optax would give it to a step, call this before the
    /// step.
    /// </summary>
    /// <param name="value">A NaN does not improve.</param>
    public void Report(double value)
    {
        _sum += value;
        if (++_values < AccumulationSize)
            return;
        double mean = _sum / _values;
        (_sum, _values) = (0, 0);
        bool improved = mean < (double.IsPositiveInfinity(_best) ? _best : (1 - Rtol) * _best - Atol);
        if (improved)
            _best = mean;
        if (_cooldownLeft > 0)
        {
            _cooldownLeft--;
            _failures = 0;
            return;
        }

        _failures = improved ? 0 : _failures + 1;
        if (_failures < Patience)
            return;
        _failures = 0;
        _cooldownLeft = Cooldown;
        Scale = Math.Max(Scale * Factor, MinScale);
    }

    /// <inheritdoc/>
    protected override double Rate(long count) => Scale * _learningRate.At(count);
}
