namespace NativeAdamax.Schedules.PyTorch;

/// <summary>PyTorch's LambdaLR: <c>base * lrLambda(e)</c>.</summary>
public sealed class LambdaLR : FactorLR
{
    private readonly Func<long, double> _lrLambda;

    /// <summary>A base rate times a function.</summary>
    /// <param name="baseLr">The base rate; finite, 0 or above.</param>
    /// <param name="lrLambda">The factor at a count. A step refuses a rate that is negative, infinite or NaN.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lrLambda"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="baseLr"/> is out of its range.</exception>
    public LambdaLR(double baseLr, Func<long, double> lrLambda)
        : base(baseLr)
    {
        ArgumentNullException.ThrowIfNull(lrLambda);
        _lrLambda = lrLambda;
    }

    /// <inheritdoc/>
    protected override double Factor(long count) => _lrLambda(count);
}
