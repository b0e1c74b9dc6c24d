using CommunityToolkit.HighPerformance;

namespace NativeAdamax.Constraints;

/// <summary>
/// Brings norms into a range: Keras's MaxNorm, UnitNorm and MinMaxNorm. The norm is that of each column of the weights
/// as a matrix (Keras's axis 0, the weights into one unit of a dense layer), or of each row.
/// </summary>
/// <remarks>
/// <para><c>n = sqrt(sum of squares)</c>, <c>wanted = rate * clamp(n, least, most) + (1 - rate) * n</c>,
/// <c>w = w * (wanted / (epsilon + n))</c> with epsilon 1e-7. Squares are exact and added in double, in order; so the
/// result does not depend on backend or processor.</para>
/// </remarks>
public sealed class NormConstraint : WeightConstraint
{
    private const double Epsilon = 1e-7;

    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _byRow;
    private readonly double _least;
    private readonly double _most;
    private readonly double _rate;

    private NormConstraint(int rows, int columns, bool byRow, double least, double most, double rate)
    {
        _rows = rows >= 1 ? rows : throw Check.OutOfRange(rows, nameof(rows), "1 or above");
        _columns = columns >= 1 ? columns : throw Check.OutOfRange(columns, nameof(columns), "1 or above");
        _byRow = byRow;
        _least = least >= 0 && double.IsFinite(least) ? least : throw Check.OutOfRange(least, nameof(least), "0 or above and finite");
        _most = most >= least ? most : throw Check.OutOfRange(most, nameof(most), $"{least}, the least norm, or above");
        _rate = rate is >= 0 and <= 1 ? rate : throw Check.OutOfRange(rate, nameof(rate), "from 0 to 1");
    }

    /// <summary>No norm exceeds <paramref name="most"/>.</summary>
    /// <param name="rows">Rows of the weights as a matrix; 1 or above.</param>
    /// <param name="columns">Columns; 1 or above.</param>
    /// <param name="most">0 or above. Keras's default is 2.</param>
    /// <param name="byRow">Norms of rows instead of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NormConstraint Max(int rows, int columns, double most = 2, bool byRow = false) =>
        new(rows, columns, byRow, 0, most, 1);

    /// <summary>Every norm is 1.</summary>
    /// <inheritdoc cref="Max"/>
    public static NormConstraint Unit(int rows, int columns, bool byRow = false) => new(rows, columns, byRow, 1, 1, 1);

    /// <summary>Norms are drawn into a range.</summary>
    /// <param name="rows">Rows of the weights as a matrix; 1 or above.</param>
    /// <param name="columns">Columns; 1 or above.</param>
    /// <param name="least">0 or above. Keras's default is 0.</param>
    /// <param name="most"><paramref name="least"/> or above. Keras's default is 1.</param>
    /// <param name="rate">How far they are drawn at each step, from 0 to 1; 1: all the way.</param>
    /// <param name="byRow">Norms of rows instead of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static NormConstraint MinMax(
        int rows, int columns, double least = 0, double most = 1, double rate = 1, bool byRow = false) =>
        new(rows, columns, byRow, least, most, rate);

    /// <inheritdoc/>
    public override void Apply(Span<float> weights)
    {
        RefuseLength(weights.Length);
        Span2D<float> matrix = Span2D<float>.DangerousCreate(ref weights[0], _rows, _columns, 0);
        for (int i = 0; i < (_byRow ? _rows : _columns); i++)
        {
            double squares = 0;
            foreach (ref float w in Vector(matrix, i))
                squares += (double)w * w;
            double norm = Math.Sqrt(squares);
            double wanted = _rate * Math.Clamp(norm, _least, _most) + (1 - _rate) * norm;
            float factor = (float)(wanted / (Epsilon + norm));
            foreach (ref float w in Vector(matrix, i))
                w *= factor;
        }
    }

    internal override void RefuseLength(long weights)
    {
        if (weights != (long)_rows * _columns)
        {
            throw new ArgumentException(
                $"There are {weights} weights for a matrix of {_rows} by {_columns}.", nameof(weights));
        }
    }

    private CommunityToolkit.HighPerformance.Enumerables.RefEnumerable<float> Vector(Span2D<float> matrix, int i) =>
        _byRow ? matrix.GetRow(i) : matrix.GetColumn(i);
}
