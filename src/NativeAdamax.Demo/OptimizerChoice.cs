using NativeAdamax.Scaling;

namespace NativeAdamax.Demo;

/// <summary>The optimizers that a user can ask for by name.</summary>
internal enum OptimizerChoice
{
    Adamax,
    Adam,
    AdamW,
    AmsGrad,
    Nadam,
}

/// <summary>What an optimizer is made with; what is not here is its dialect's default.</summary>
/// <param name="Optimizer">Which one.</param>
/// <param name="Dialect">Whose semantics and defaults.</param>
/// <param name="LearningRate">The same at every step.</param>
/// <param name="Threads">The most threads of a step; 0 for as many as there are.</param>
/// <param name="Backend">Null for the process' own choice.</param>
internal sealed record OptimizerSettings(
    OptimizerChoice Optimizer, Dialect Dialect, double LearningRate, int Threads, BackendSelection? Backend)
{
    /// <summary>For people, with the dialect.</summary>
    public string Title => $"{Name} as in {Dialect}";

    /// <param name="parameters">What it moves.</param>
    /// <param name="precision">What moments and average are kept in; null: float32, and no average.</param>
    /// <param name="seed">Of what is rounded at random.</param>
    /// <exception cref="ArgumentException">The library refuses an option.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    public Optimizer Create(IEnumerable<Parameter> parameters, PrecisionPlan? precision = null, ulong seed = 0)
    {
        return Optimizer switch
        {
            OptimizerChoice.Adamax => new Adamax(parameters, With(new AdamaxOptions())),
            OptimizerChoice.Adam => new Adam(parameters, With(new AdamOptions())),
            OptimizerChoice.AdamW => new AdamW(parameters, With(new AdamWOptions())),
            OptimizerChoice.AmsGrad => new Adam(parameters, With(new AdamOptions { AmsGrad = true })),
            OptimizerChoice.Nadam => new Nadam(parameters, With(new NadamOptions())),
            _ => throw new InvalidOperationException($"There is no optimizer {Optimizer}."),
        };

        T With<T>(T options)
            where T : OptimizerOptions => options with
            {
                Dialect = Dialect,
                LearningRate = LearningRate,
                MaxDegreeOfParallelism = Threads,
                Backend = Backend,
                Precision = precision is null ? null : precision.State with { Seed = seed },
                Ema = precision is { Averages: true } ? new EmaOptions() : null,
                LossScale = precision is { ScalesLoss: true } ? LossScale.Dynamic(Dialect) : null,
            };
    }

    private string Name => Optimizer == OptimizerChoice.AmsGrad ? "AMSGrad" : Optimizer.ToString();
}
