namespace NativeAdamax.Clipping;

/// <summary>
/// The last 100 squared norms of a tensor's gradient, and the one at a percentile of them, as bitsandbytes had it: the
/// first norm fills all places, and update number t takes place t modulo 100.
/// </summary>
internal sealed class PercentileHistory
{
    public const int Length = 100;

    private readonly double[] _squares = new double[Length];
    private readonly double[] _sorted = new double[Length];
    private long _updates;

    /// <summary>The squared norms, in their places.</summary>
    public ReadOnlySpan<double> Squares => _squares;

    /// <summary>Norms taken in so far.</summary>
    public long Updates => _updates;

    /// <summary>Goes on from another one's.</summary>
    public void Restore(ReadOnlySpan<double> squares, long updates)
    {
        squares.CopyTo(_squares);
        _updates = updates;
    }

    /// <summary>Takes a squared norm in, and answers with the factor that brings it down to the percentile.</summary>
    /// <param name="square">0 or above. One that is not finite is left out, and its factor is 1.</param>
    /// <param name="percentile">From 0 to 100; 100 never clips.</param>
    public double Coefficient(double square, int percentile)
    {
        if (!double.IsFinite(square))
            return 1;
        if (_updates++ == 0)
            Array.Fill(_squares, square);
        else
            _squares[_updates % Length] = square;
        if (percentile >= Length)
            return 1;
        _squares.CopyTo(_sorted, 0);
        Array.Sort(_sorted);
        double most = _sorted[percentile];
        return square > most ? Math.Sqrt(most) / Math.Sqrt(square) : 1;
    }
}
