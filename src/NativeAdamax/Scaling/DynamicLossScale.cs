namespace NativeAdamax.Scaling;

/// <summary>
/// A loss scale that grows after so many finite steps in a row, and shrinks at gradients that are not finite; the step
/// that had them is not done.
/// </summary>
/// <remarks>
/// <para>Keras 3: from 2^15, times 2 after 2000 finite steps, halved. It has no lower bound of its own, reaches 0 after
/// some 165 failures and then writes NaN; here it stops at <see cref="Least"/>.</para>
/// <para>tf_keras: from 2^15, the same, at least 1; a refused step counts as one.</para>
/// <para>MXNet AMP: from 2^16, at most 2^24; a change takes effect one step later.</para>
/// <para>PyTorch GradScaler: from 2^16.</para>
/// </remarks>
public sealed class DynamicLossScale : LossScale
{
    private readonly Dialect _dialect;
    private long _finite;
    private double _next;

    internal DynamicLossScale(Dialect dialect)
        : base(dialect is Dialect.Keras or Dialect.TfKeras ? 32768 : 65536)
    {
        _dialect = Check.Defined(dialect);
        _next = Scale;
        Least = dialect == Dialect.TfKeras ? 1 : 1.0 / (1 << 24);
        Most = dialect == Dialect.MXNet ? 1 << 24 : Highest;
    }

    /// <summary>The scale to begin with; from 2^-126 to 2^126.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double Initial
    {
        init => Scale = _next = Checked(value, nameof(Initial));
    }

    /// <summary>Factor after <see cref="GrowthInterval"/> finite steps in a row; 1 or above. Default 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double Growth
    {
        get;
        init => field = value >= 1 && double.IsFinite(value)
            ? value
            : throw Check.OutOfRange(value, nameof(Growth), "1 or above and finite");
    } = 2;

    /// <summary>Factor at gradients that are not finite; between 0 and 1. Default 0.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double Backoff
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw Check.OutOfRange(value, nameof(Backoff), "between 0 and 1");
    } = 0.5;

    /// <summary>Finite steps in a row before the scale grows; 1 or above. Default 2000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int GrowthInterval
    {
        get;
        init => field = value >= 1 ? value : throw Check.OutOfRange(value, nameof(GrowthInterval), "1 or above");
    } = 2000;

    /// <summary>The scale never falls below this; from 2^-126 to 2^126. Default 1 for tf_keras, otherwise 2^-24.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double Least
    {
        get;
        init => field = Checked(value, nameof(Least));
    }

    /// <summary>The scale never rises above this; from 2^-126 to 2^126. Default 2^24 for MXNet, otherwise 2^126.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public double Most
    {
        get;
        init => field = Checked(value, nameof(Most));
    }

    /// <summary>Finite steps in a row so far.</summary>
    public long FiniteSteps => _finite;

    /// <inheritdoc/>
    public override bool IsDynamic => true;

    internal override bool CountsRefused => _dialect == Dialect.TfKeras;

    /// <summary>The dialect whose rule it is.</summary>
    internal Dialect Dialect => _dialect;

    /// <summary>The scale that comes into force at the next step.</summary>
    internal double Next => _next;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Restore(double scale, double next, long finiteSteps)
    {
        (scale, next, _finite) = (
            Checked(scale, nameof(scale)), Checked(next, nameof(next)),
            Check.AtLeast(finiteSteps, 0, nameof(finiteSteps)));
        (Scale, _next) = (scale, next);
    }

    internal override void Update(bool finite)
    {
        double from = _dialect == Dialect.MXNet ? _next : Scale;
        if (_dialect == Dialect.MXNet)
            Scale = _next;
        if (!finite)
        {
            _finite = 0;
            _next = Math.Max(from * Backoff, Math.Min(from, Least));
        }
        else if (++_finite >= GrowthInterval)
        {
            _finite = 0;
            _next = Math.Min(from * Growth, Math.Max(from, Most));
        }

        if (_dialect != Dialect.MXNet)
            Scale = _next;
    }
}
