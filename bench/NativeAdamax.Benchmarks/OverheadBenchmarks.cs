using BenchmarkDotNet.Attributes;

namespace NativeAdamax.Benchmarks;

/// <summary>What a call costs that has next to nothing to do.</summary>
[MemoryDiagnoser]
public class OverheadBenchmarks : IDisposable
{
    private static readonly StepScalars Scalars = new() { C1 = 0.1, C2 = 0.001, Step = 1e-3, Eps = 1e-8 };

    private readonly float[] _w = new float[64], _g = new float[64], _m = new float[64], _v = new float[64];
    private Parameter _parameter = null!;
    private Adam _adam = null!;

    [GlobalSetup]
    public void Setup()
    {
        _parameter = Parameter.Create(64);
        _parameter.Gradient.Fill(0.01f);
        _g.AsSpan().Fill(0.01f);
        _adam = new Adam([_parameter], new AdamOptions { Dialect = Dialect.PyTorch });
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _adam?.Dispose();
        _parameter?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "Optimizer.Step(), 64 parameters")]
    public StepReport Step() => _adam.Step();

    [Benchmark(Description = "FusedOps.Adam, 64 parameters")]
    public void Spans() => FusedOps.Adam(_w, _g, _m, _v, Scalars);

    [Benchmark(Description = "FusedOps.SumOfSquares, 64 elements")]
    public double Norm() => FusedOps.SumOfSquares(_g);
}
