using BenchmarkDotNet.Attributes;
using NativeAdamax.Backends;
using NativeAdamax.Benchmarks.Measurement;
using NativeAdamax.Benchmarks.Rivals;

namespace NativeAdamax.Benchmarks;

/// <summary>A step of Adam in the ways that a .NET program can take, on one thread and aligned memory.</summary>
[MemoryDiagnoser]
public class AdamBenchmarks : IDisposable
{
    private static readonly StepScalars Scalars = new() { C1 = 0.1, C2 = 0.001, Step = 1e-3, Eps = 1e-8 };

    private KernelBackend _managed = null!;
    private KernelBackend _native = null!;
    private Streams _streams = null!;

    [Params(1 << 10, 16 << 10, 512 << 10, 4 << 20)]
    public int Parameters { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _managed = BackendChooser.Resolve(new BackendSelection(BackendKind.Managed));
        _native = BackendChooser.Default;
        _streams = Streams.Aligned(Parameters);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _streams?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, Description = "this library")]
    public void Native() => Step(_native);

    [Benchmark(Description = "this library, managed")]
    public void Managed() => Step(_managed);

    [Benchmark(Description = "Vector512 loop")]
    public void Vector512() => WideVectors.Step(_streams, AdamNumbers.Usual);

    [Benchmark(Description = "TensorPrimitives")]
    public void TensorPrimitives() => Primitives.Step(_streams, AdamNumbers.Usual);

    [Benchmark(Description = "plain loop")]
    public void Scalar() => ScalarLoop.Step(_streams, AdamNumbers.Usual);

    [Benchmark(Description = "op by op")]
    public void EachOperation() => OpByOp.Step(_streams, AdamNumbers.Usual);

    private void Step(KernelBackend backend) => FusedOps.Adam(
        backend, _streams.Weights, _streams.Gradient, _streams.First, _streams.Second, Scalars, default, default);
}
