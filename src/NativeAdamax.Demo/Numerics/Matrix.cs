using System.Numerics;
using System.Runtime.InteropServices;

namespace NativeAdamax.Demo.Numerics;

/// <summary>
/// Dense row-major products whose bits do not depend on the width of a vector: every element is a sum in the order
/// of rising k, one rounded multiplication and one rounded addition a term, never fused.
/// </summary>
internal static class Matrix
{
    /// <summary>c[i,j] += a[i,0]*b[0,j] + a[i,1]*b[1,j] + ... for rising k.</summary>
    /// <param name="a">rows x depth.</param>
    /// <param name="b">depth x columns.</param>
    /// <param name="c">rows x columns; holds what the sums start from.</param>
    /// <exception cref="ArgumentException">A span does not have its shape's length.</exception>
    public static void MultiplyAdd(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int depth, int columns)
    {
        RequireLength(a.Length, (long)rows * depth, nameof(a));
        RequireLength(b.Length, (long)depth * columns, nameof(b));
        RequireLength(c.Length, (long)rows * columns, nameof(c));
        int column = 0;
        if (Vector.IsHardwareAccelerated)
        {
            // A panel of four vectors stays in registers over the whole depth, for two rows at once.
            int width = Vector<float>.Count;
            for (; column + (4 * width) <= columns; column += 4 * width)
            {
                int row = 0;
                for (; row + 2 <= rows; row += 2)
                    TwoRowPanel(a.Slice(row * depth, 2 * depth), b, c[(row * columns)..], depth, columns, column);
                for (; row < rows; row++)
                    for (int part = 0; part < 4; part++)
                        OneVector(
                            a.Slice(row * depth, depth), b, c.Slice(row * columns, columns), column + (part * width));
            }

            for (; column + width <= columns; column += width)
                for (int row = 0; row < rows; row++)
                    OneVector(a.Slice(row * depth, depth), b, c.Slice(row * columns, columns), column);
        }

        for (int row = 0; row < rows; row++)
            ScalarColumns(a.Slice(row * depth, depth), b, c.Slice(row * columns, columns), column);
    }

    /// <summary>target[j,i] = source[i,j].</summary>
    /// <param name="source">rows x columns.</param>
    /// <param name="target">columns x rows.</param>
    public static void Transpose(ReadOnlySpan<float> source, Span<float> target, int rows, int columns)
    {
        RequireLength(source.Length, (long)rows * columns, nameof(source));
        RequireLength(target.Length, (long)rows * columns, nameof(target));
        const int Tile = 16;
        for (int top = 0; top < rows; top += Tile)
        {
            int bottom = Math.Min(top + Tile, rows);
            for (int left = 0; left < columns; left += Tile)
            {
                int right = Math.Min(left + Tile, columns);
                for (int i = top; i < bottom; i++)
                    for (int j = left; j < right; j++)
                        target[(j * rows) + i] = source[(i * columns) + j];
            }
        }
    }

    private static void TwoRowPanel(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int depth, int columns, int column)
    {
        ref float right = ref MemoryMarshal.GetReference(b);
        ref float result = ref MemoryMarshal.GetReference(c);
        nuint width = (nuint)Vector<float>.Count;
        nuint first = (nuint)column;
        nuint second = first + (nuint)columns;
        var c00 = Vector.LoadUnsafe(ref result, first);
        var c01 = Vector.LoadUnsafe(ref result, first + width);
        var c02 = Vector.LoadUnsafe(ref result, first + (2 * width));
        var c03 = Vector.LoadUnsafe(ref result, first + (3 * width));
        var c10 = Vector.LoadUnsafe(ref result, second);
        var c11 = Vector.LoadUnsafe(ref result, second + width);
        var c12 = Vector.LoadUnsafe(ref result, second + (2 * width));
        var c13 = Vector.LoadUnsafe(ref result, second + (3 * width));
        nuint at = first;
        for (int k = 0; k < depth; k++, at += (nuint)columns)
        {
            var a0 = new Vector<float>(a[k]);
            var a1 = new Vector<float>(a[depth + k]);
            var b0 = Vector.LoadUnsafe(ref right, at);
            var b1 = Vector.LoadUnsafe(ref right, at + width);
            var b2 = Vector.LoadUnsafe(ref right, at + (2 * width));
            var b3 = Vector.LoadUnsafe(ref right, at + (3 * width));
            c00 += a0 * b0;
            c01 += a0 * b1;
            c02 += a0 * b2;
            c03 += a0 * b3;
            c10 += a1 * b0;
            c11 += a1 * b1;
            c12 += a1 * b2;
            c13 += a1 * b3;
        }

        c00.StoreUnsafe(ref result, first);
        c01.StoreUnsafe(ref result, first + width);
        c02.StoreUnsafe(ref result, first + (2 * width));
        c03.StoreUnsafe(ref result, first + (3 * width));
        c10.StoreUnsafe(ref result, second);
        c11.StoreUnsafe(ref result, second + width);
        c12.StoreUnsafe(ref result, second + (2 * width));
        c13.StoreUnsafe(ref result, second + (3 * width));
    }

    private static void OneVector(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int column)
    {
        var sum = new Vector<float>(c[column..]);
        for (int k = 0, at = column; k < a.Length; k++, at += c.Length)
            sum += new Vector<float>(a[k]) * new Vector<float>(b[at..]);
        sum.CopyTo(c[column..]);
    }

    private static void ScalarColumns(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int column)
    {
        for (int k = 0; k < a.Length; k++)
        {
            ReadOnlySpan<float> row = b.Slice(k * c.Length, c.Length);
            for (int j = column; j < c.Length; j++)
                c[j] += a[k] * row[j];
        }
    }

    private static void RequireLength(int length, long expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"{name} has {length} elements where its shape has {expected}.", name);
    }
}
