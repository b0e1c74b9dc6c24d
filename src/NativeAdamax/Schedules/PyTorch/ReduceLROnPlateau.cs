namespace NativeAdamax.Schedules.PyTorch;

/// <summary>
/// PyTorch's ReduceLROnPlateau: a rate that is multiplied by factor, but not below minLr, once more than patience
/// metrics in a row are no improvement. An improvement is below <c>best * (1 - threshold)</c>, or
/// <c>best - threshold</c> with an absolute one; with a metric that should be large, above
/// <c>best * (1 + threshold)</c> or <c>best + threshold</c>.
/// </summary>
/// <remarks>
/// It is told metrics and remembers them: an object of it is for one optimizer. The count plays no part.
/// </remarks>
public sealed class ReduceLROnPlateau : Schedule, IRemembers
{
    private double _best;
    private int _bad;
    private int _cooldownLeft;

    /// <summary>A rate that is reduced while a metric stays.</summary>
    /// <param name="baseLr">The rate at first; finite, 0 or above.</param>
    /// <param name="mode">What the metric should become.</param>
    /// <param name="factor">Of a reduction; 0 or above and below 1.</param>
    /// <param name="patience">Metrics in a row that may be no improvement; 0 or above.</param>
    /// <param name="threshold">The improvement that counts; finite, 0 or above.</param>
    /// <param name="thresholdMode">What the threshold is measured in.</param>
    /// <param name="cooldown">Metrics after a reduction that are not counted; 0 or above.</param>
    /// <param name="minLr">The lowest rate; finite, 0 or above.</param>
    /// <param name="eps">A reduction by no more than this is not made; finite, 0 or above.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public ReduceLROnPlateau(
        double baseLr, PlateauMode mode = PlateauMode.Min, double factor = 0.1, int patience = 10,
        double threshold = 1e-4, ThresholdMode thresholdMode = ThresholdMode.Rel, int cooldown = 0, double minLr = 0,
        double eps = 1e-8)
    {
        CurrentLr = Check.LearningRate(baseLr, nameof(baseLr));
        Mode = Check.Defined(mode, nameof(mode));
        Factor = Check.Beta(factor, nameof(factor));
        Patience = (int)Check.AtLeast(patience, 0, nameof(patience));
        Threshold = Check.NotNegative(threshold, nameof(threshold));
        ThresholdMode = Check.Defined(thresholdMode, nameof(thresholdMode));
        Cooldown = (int)Check.AtLeast(cooldown, 0, nameof(cooldown));
        MinLr = Check.LearningRate(minLr, nameof(minLr));
        Eps = Check.NotNegative(eps, nameof(eps));
        _best = mode == PlateauMode.Min ? double.PositiveInfinity : double.NegativeInfinity;
    }

    /// <summary>What the metric should become.</summary>
    public PlateauMode Mode { get; }

    /// <summary>The factor of a reduction.</summary>
    public double Factor { get; }

    /// <summary>Metrics in a row that may be no improvement.</summary>
    public int Patience { get; }

    /// <summary>The improvement that counts.</summary>
    public double Threshold { get; }

    /// <summary>What the threshold is measured in.</summary>
    public ThresholdMode ThresholdMode { get; }

    /// <summary>Metrics after a reduction that are not counted.</summary>
    public int Cooldown { get; }

    /// <summary>The lowest rate.</summary>
    public double MinLr { get; }

    /// <summary>A reduction by no more than this is not made.</summary>
    public double Eps { get; }

    /// <summary>The rate now.</summary>
    public double CurrentLr { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Memory
    {
        get => new Dictionary<string, double>
        {
            ["current_lr"] = CurrentLr,
            ["best"] = _best,
            ["bad"] = _bad,
            ["cooldown_left"] = _cooldownLeft,
        };

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (CurrentLr, _best, _bad, _cooldownLeft) = (
                Check.LearningRate(value.Number("current_lr"), "current_lr"), value.Number("best"),
                value.Count("bad", Patience), value.Count("cooldown_left", Cooldown));
        }
    }

    /// <summary>Tells a metric, as scheduler.step(metrics) does.</summary>
    /// <param name="metric">A NaN is no improvement.</param>
    public void Report(double metric)
    {
        if (Improves(metric))
        {
            _best = metric;
            _bad = 0;
        }
        else
        {
            _bad++;
        }

        if (_cooldownLeft > 0)
        {
            _cooldownLeft--;
            _bad = 0;
        }

        if (_bad <= Patience)
            return;
        double reduced = Math.Max(CurrentLr * Factor, MinLr);
        if (CurrentLr - reduced > Eps)
            CurrentLr = reduced;
        _cooldownLeft = Cooldown;
        _bad = 0;
    }

    /// <inheritdoc/>
    protected override double Rate(long count) => CurrentLr;

    private bool Improves(double metric)
    {
        double sign = Mode == PlateauMode.Min ? -1 : 1;
        double bar = ThresholdMode == ThresholdMode.Rel && double.IsFinite(_best)
            ? _best * (1 + sign * Threshold)
            : _best + sign * Threshold;
        return Mode == PlateauMode.Min ? metric < bar : metric > bar;
    }
}
