namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/sparse.md.</summary>
public sealed class SparseExample
{
    [Fact]
    public void Rows()
    {
        const int height = 100, width = 3;
        int[] rows = [7, 50];
        float[,] values = { { 1, 1, 1 }, { -1, -1, -1 } };

        using var table = Parameter.Create(height * width);
        using var optimizer = new Adam([table], new AdamOptions { SparseMode = SparseMode.Exact });

        optimizer.CatchUp(table, rows);                          // int[]: what the forward pass is about to read
        // forward and backward pass: float[,] or Span2D<float> values, one row of width elements an index
        table.SetRowGradient(rows, values);
        optimizer.Step();

        Assert.True(table.Weights[7 * width] < 0 && table.Weights[50 * width] > 0);
        Assert.Equal(0, table.Weights[0]);
    }
}
