using CommunityToolkit.HighPerformance;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Sparse;

/// <summary>Rows of a gradient, and the whole gradient that they stand for.</summary>
internal sealed record Rows(int[] Indices, float[] Values, int Width)
{
    public static Rows Of(int width, params int[] indices) =>
        new(indices, Training.Numbers((uint)(indices.Sum() + 17 * indices.Length + 1), indices.Length * width), width);

    public void GiveTo(Parameter parameter) =>
        parameter.SetRowGradient(Indices, new ReadOnlySpan2D<float>(Values, Indices.Length, Width));

    /// <summary>Rows with the same index added up in float, in the order in which they stand.</summary>
    public float[] Whole(long length)
    {
        float[] whole = new float[length];
        bool[] seen = new bool[length / Width];
        for (int k = 0; k < Indices.Length; k++)
        {
            for (int i = 0; i < Width; i++)
            {
                ref float at = ref whole[Indices[k] * Width + i];
                float value = Values[k * Width + i];
                at = seen[Indices[k]] ? at + value : value;
            }

            seen[Indices[k]] = true;
        }

        return whole;
    }

    public override string ToString() => $"rows {string.Join(' ', Indices)} of {Width}";
}
