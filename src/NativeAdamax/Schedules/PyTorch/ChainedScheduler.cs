namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's ChainedScheduler: the base rate times the factors of all schedules at the same count.</summary>
public sealed class ChainedScheduler : FactorLR
{
    private readonly FactorLR[] _schedulers;

    /// <summary>Schedules of one base rate that act together.</summary>
    /// <param name="schedulers">At least one, none null, all of the same base rate.</param>
    /// <exception cref="ArgumentNullException"><paramref name="schedulers"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, one is null, or the base rates differ.</exception>
    public ChainedScheduler(IEnumerable<FactorLR> schedulers)
        : this(NotEmpty(schedulers))
    {
    }

    private ChainedScheduler(FactorLR[] schedulers)
        : base(schedulers[0].BaseLr)
    {
        _schedulers = schedulers;
        foreach (FactorLR other in schedulers)
        {
            if (other.BaseLr != BaseLr)
            {
                throw new ArgumentException(
                    $"Chained schedulers share one base rate, but these have {BaseLr} and {other.BaseLr}.",
                    nameof(schedulers));
            }
        }
    }

    /// <summary>The schedules that act together.</summary>
    public IReadOnlyList<FactorLR> Schedulers => _schedulers;

    /// <inheritdoc/>
    protected override double Factor(long count)
    {
        double factor = 1;
        foreach (FactorLR scheduler in _schedulers)
            factor *= scheduler.FactorAt(count);
        return factor;
    }

    private static FactorLR[] NotEmpty(IEnumerable<FactorLR> schedulers)
    {
        ArgumentNullException.ThrowIfNull(schedulers);
        FactorLR[] all = [.. schedulers];
        return all.Length > 0 && !all.Contains(null!)
            ? all
            : throw new ArgumentException("There must be one scheduler at least, and none null.", nameof(schedulers));
    }
}
