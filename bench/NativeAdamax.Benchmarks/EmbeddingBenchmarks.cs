using BenchmarkDotNet.Attributes;
using CommunityToolkit.HighPerformance;

namespace NativeAdamax.Benchmarks;

/// <summary>A table of 50,257 rows of 256, of which a batch touches 1024: the gradient whole, and by rows.</summary>
[MemoryDiagnoser]
public class EmbeddingBenchmarks : IDisposable
{
    private const int Rows = 50257;
    private const int Width = 256;
    private const int Touched = 1024;

    private readonly int[] _rows = [.. Enumerable.Range(0, Touched).Select(i => i * 49)];
    private readonly float[] _values = new float[Touched * Width];
    private Parameter _table = null!;
    private Adam _adam = null!;

    [Params(SparseMode.Dense, SparseMode.LazyRows, SparseMode.Exact)]
    public SparseMode Mode { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        foreach (ref float value in _values.AsSpan())
            value = random.NextSingle() * 0.02f - 0.01f;
        _table = Parameter.Create((long)Rows * Width);
        _adam = new Adam([_table], new AdamOptions { Dialect = Dialect.MXNet, SparseMode = Mode });
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _adam?.Dispose();
        _table?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "rows handed over, step")]
    public StepReport Step()
    {
        _table.SetRowGradient(_rows, _values.AsSpan().AsSpan2D(Touched, Width));
        return _adam.Step();
    }
}
