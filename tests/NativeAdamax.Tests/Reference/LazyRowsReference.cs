namespace NativeAdamax.Tests.Reference;

/// <summary>
/// Adam on the rows of a gradient alone, in double, as MXNet's lazy_update and PyTorch's SparseAdam have it: other rows
/// keep everything, epsilon is added to the raw root, and one count serves all rows. MXNet scales, clips and adds its
/// decay on the way, PyTorch does none of it.
/// </summary>
internal sealed class LazyRowsReference(ReadOnlySpan<float> initial, int width, double learningRate, double epsilon)
{
    private int _time;

    public double Scale { get; init; } = 1;

    public double Clip { get; init; } = double.PositiveInfinity;

    public double Decay { get; init; }

    public double[] W { get; } = [.. initial.ToArray().Select(x => (double)x)];

    public double[] M { get; } = new double[initial.Length];

    public double[] V { get; } = new double[initial.Length];

    public void Step(int[] rows, float[] values)
    {
        _time++;
        double rate = learningRate * Math.Sqrt(1 - Math.Pow(0.999, _time)) / (1 - Math.Pow(0.9, _time));
        foreach (int row in rows.Distinct())
        {
            for (int column = 0; column < width; column++)
            {
                double sum = Enumerable.Range(0, rows.Length).Where(k => rows[k] == row)
                    .Sum(k => (double)values[k * width + column]);
                int i = row * width + column;
                double g = Math.Clamp(sum * Scale, -Clip, Clip) + Decay * W[i];
                M[i] = 0.9 * M[i] + (1 - 0.9) * g;
                V[i] = 0.999 * V[i] + (1 - 0.999) * g * g;
                W[i] -= rate * M[i] / (Math.Sqrt(V[i]) + epsilon);
            }
        }
    }
}
