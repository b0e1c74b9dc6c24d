using System.Numerics.Tensors;
using CommunityToolkit.HighPerformance;

namespace NativeAdamax.Engine;

/// <summary>
/// A gradient that is zero but for some rows: their indices in rising order, each once, and their values one after the
/// other. The memory is kept from step to step.
/// </summary>
internal sealed unsafe class RowGradient : IDisposable
{
    private long[] _order = [];
    private int[] _rows = [];
    private AlignedMemory _values = AlignedMemory.Allocate(0);
    private long _capacity;

    /// <summary>Elements of a row; 0 before there was a row.</summary>
    public int Width { get; private set; }

    public int Count { get; private set; }

    /// <summary>Never null.</summary>
    public float* Values => (float*)_values.Pointer;

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Copies rows. Those with the same index are added up in the order in which they stand.</summary>
    /// <param name="rows">Indices; checked by the caller.</param>
    /// <param name="values">One row each.</param>
    public void Set(ReadOnlySpan<int> rows, ReadOnlySpan2D<float> values)
    {
        if (rows.IsEmpty)
        {
            Clear();
            return;
        }

        bool ascends = Ascends(rows);
        Reserve(rows.Length, values.Width, sorts: !ascends);
        Width = values.Width;
        if (ascends)
        {
            rows.CopyTo(_rows);
            for (int i = 0; i < rows.Length; i++)
                values.GetRowSpan(i).CopyTo(Row(i));
            Count = rows.Length;
            return;
        }

        for (int i = 0; i < rows.Length; i++)
            _order[i] = ((long)rows[i] << 32) | (uint)i;
        _order.AsSpan(0, rows.Length).Sort();
        Count = AddUp(_order.AsSpan(0, rows.Length), values);
    }

    /// <summary>Zero in every row.</summary>
    public void Clear() => Count = 0;

    /// <summary>Where an element of <see cref="Values"/> stands in the whole gradient.</summary>
    public long Position(long element) => (long)_rows[element / Width] * Width + element % Width;

    public void Dispose() => _values.Dispose();

    private static bool Ascends(ReadOnlySpan<int> rows)
    {
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i] <= rows[i - 1])
                return false;
        }

        return true;
    }

    private Span<float> Row(int i) => new(Values + (long)i * Width, Width);

    private int AddUp(ReadOnlySpan<long> order, ReadOnlySpan2D<float> values)
    {
        int count = 0;
        foreach (long next in order)
        {
            int row = (int)(next >> 32);
            ReadOnlySpan<float> value = values.GetRowSpan((int)next);
            if (count > 0 && _rows[count - 1] == row)
            {
                Span<float> sum = Row(count - 1);
                TensorPrimitives.Add(sum, value, sum);
                continue;
            }

            _rows[count] = row;
            value.CopyTo(Row(count));
            count++;
        }

        return count;
    }

    /// <summary>Room for so many rows; what was there is lost where it grows.</summary>
    private void Reserve(int count, int width, bool sorts)
    {
        long elements = (long)count * width;
        if (elements > _capacity)
        {
            long capacity = Math.Max(elements, 2 * _capacity);
            AlignedMemory grown = AlignedMemory.Allocate(checked((nuint)capacity * sizeof(float)));
            Count = 0;
            _values.Dispose();
            _values = grown;
            _capacity = capacity;
        }

        if (count > _rows.Length)
        {
            int room = (int)Math.Min(Math.Max(count, 2L * _rows.Length), Array.MaxLength);
            Count = 0;
            _rows = GC.AllocateUninitializedArray<int>(room);
        }

        if (sorts && count > _order.Length)
            _order = GC.AllocateUninitializedArray<long>(Math.Max(count, _rows.Length));
    }
}
