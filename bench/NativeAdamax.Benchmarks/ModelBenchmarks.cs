using BenchmarkDotNet.Attributes;

namespace NativeAdamax.Benchmarks;

/// <summary>Whole steps of AdamW on lists of tensors like those of real models, all threads.</summary>
[MemoryDiagnoser]
public class ModelBenchmarks : IDisposable
{
    private Parameter[] _parameters = [];
    private AdamW _native = null!;
    private AdamW _managed = null!;

    [Params("mlp", "resnet-50", "gpt2-small")]
    public string Model { get; set; } = "mlp";

    [GlobalSetup]
    public void Setup()
    {
        IReadOnlyList<int> sizes = Model switch
        {
            "mlp" => Models.Mlp,
            "resnet-50" => Models.ResNet50,
            "gpt2-small" => Models.Gpt2Small,
            _ => throw new ArgumentException($"There is no model {Model}.", nameof(Model)),
        };
        var random = new Random(1);
        _parameters = [.. sizes.Select(size => Parameter.Create(size))];
        foreach (Parameter parameter in _parameters)
        {
            foreach (ref float g in parameter.Gradient)
                g = random.NextSingle() * 0.02f - 0.01f;
        }

        _native = new AdamW(_parameters, new AdamWOptions { Dialect = Dialect.PyTorch });
    }

    [GlobalSetup(Target = nameof(Managed))]
    public void SetupManaged()
    {
        Setup();
        _native.Dispose();
        _managed = new AdamW(
            _parameters, new AdamWOptions { Dialect = Dialect.PyTorch, Backend = new BackendSelection(BackendKind.Managed) });
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _native?.Dispose();
        _managed?.Dispose();
        foreach (Parameter parameter in _parameters)
            parameter.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, Description = "this library")]
    public StepReport Native() => _native.Step();

    [Benchmark(Description = "this library, managed")]
    public StepReport Managed() => _managed.Step();
}
