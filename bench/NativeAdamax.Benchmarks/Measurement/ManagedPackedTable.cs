namespace NativeAdamax.Benchmarks.Measurement;

/// <summary>A step of the managed backend over packed streams, beside the same over float32.</summary>
/// <param name="Name">What is kept in what, as the C benchmark names it.</param>
/// <param name="Elements">Parameters.</param>
/// <param name="Nanoseconds">Of one parameter.</param>
/// <param name="Speed">Time of float32 over that, in the same round.</param>
internal sealed record ManagedPackedRow(string Name, int Elements, double Nanoseconds, double Speed);

/// <summary>Adam by the managed backend in fewer bits, in the caches and at memory, on one thread.</summary>
internal static class ManagedPackedTable
{
    public static readonly IReadOnlyList<int> Sizes = [16 << 10, 32 << 20];

    private static readonly StatePrecision BFloat16 =
        new() { FirstMoment = StateFormat.BFloat16, SecondMoment = StateFormat.BFloat16 };

    private static readonly (string Name, StatePrecision Precision, Func<int, Parameter> Create)[] Contenders =
    [
        ("adam: f32", StatePrecision.Float32, n => Parameter.Create(n)),
        ("adam: bf16 m v", BFloat16, n => Parameter.Create(n)),
        ("adam: 8-bit m v", StatePrecision.EightBit, n => Parameter.Create(n)),
        ("adam: bf16+8 w, bf16 g, 8-bit m v", StatePrecision.EightBit, n => Parameter.CreateBFloat16(n, MasterWeights.Rest8)),
    ];

    /// <param name="secondsARow">About so long for all at a size.</param>
    public static IEnumerable<ManagedPackedRow> Measure(double secondsARow) =>
        Sizes.SelectMany(size => Measure(size, secondsARow));

    private static ManagedPackedRow[] Measure(int size, double seconds)
    {
        Parameter[] parameters = [.. Contenders.Select(c => c.Create(size))];
        Adam[] optimizers = [.. Contenders.Select((c, i) => Optimizer(parameters[i], c.Precision))];
        double[][] times = Interleaved.Run([.. optimizers.Select(o => (Action)(() => o.Step()))], seconds, () => { });
        for (int i = 0; i < parameters.Length; i++)
        {
            optimizers[i].Dispose();
            parameters[i].Dispose();
        }

        return [.. Contenders.Select((c, i) => new ManagedPackedRow(
            c.Name, size, Interleaved.Median(times[i]) / size * 1e9, Interleaved.Ratio(times[0], times[i])))];
    }

    private static Adam Optimizer(Parameter parameter, StatePrecision precision)
    {
        var random = new Random(1);
        bool reduced = parameter.Master is not null;
        for (int i = 0; i < parameter.Length; i++)
        {
            float g = (random.NextSingle() * 2 - 1) * 0.01f;
            if (reduced)
                parameter.BFloat16Gradient[i] = (BFloat16)g;
            else
                parameter.Gradient[i] = g;
        }

        return new Adam([parameter], new AdamOptions
        {
            Dialect = Dialect.PyTorch,
            Precision = precision,
            Backend = new BackendSelection(BackendKind.Managed),
            MaxDegreeOfParallelism = 1,
        });
    }
}
