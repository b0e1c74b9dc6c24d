using CommunityToolkit.HighPerformance;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>Gradients that are zero but for some rows.</content>
public sealed unsafe partial class Parameter
{
    /// <summary>Whether the gradient is given by rows. Then there is no <see cref="Gradient"/> to look at.</summary>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public bool HasRowGradient => Alive().HasRows;

    /// <summary>
    /// Copies a gradient that is zero but for some rows of the weights as a matrix, as an embedding has it, for the coming
    /// steps. What a step does with it is <see cref="OptimizerOptions.SparseMode"/>. Another gradient takes its place,
    /// and zeroing the gradients leaves it with no rows.
    /// </summary>
    /// <param name="rows">
    /// Indices, from 0 up to but not including <see cref="Length"/> / width; in any order. Rows with the same index are
    /// added up in the order in which they stand.
    /// </param>
    /// <param name="values">A row for each index, as wide as the rows of the weights. May be none.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many rows as indices, or the weights are not a multiple of their width.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The parameter has been disposed.</exception>
    public void SetRowGradient(ReadOnlySpan<int> rows, ReadOnlySpan2D<float> values)
    {
        TensorSlot slot = Alive();
        if (rows.Length != values.Height)
            throw new ArgumentException($"There are {values.Height} rows for {rows.Length} indices.", nameof(values));
        if (rows.Length > 0 && (values.Width == 0 || Length % values.Width != 0))
        {
            throw new ArgumentException(
                $"The rows are {values.Width} wide: the {Length} weights of {Name} are not a multiple of it.", nameof(values));
        }

        if (rows.Length > 0)
            CheckRows(rows, Length / values.Width, nameof(rows));
        RowGradient gradient = slot.Rows ?? new RowGradient();
        gradient.Set(rows, values);
        LetGo();
        slot.SetRows(gradient);
    }

    /// <exception cref="ArgumentOutOfRangeException">An index is negative or too large.</exception>
    internal static void CheckRows(ReadOnlySpan<int> rows, long count, string name)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0 || rows[i] >= count)
                throw Check.OutOfRange(rows[i], $"{name}[{i}]", $"from 0 to {count - 1}, the rows of the weights");
        }
    }
}
