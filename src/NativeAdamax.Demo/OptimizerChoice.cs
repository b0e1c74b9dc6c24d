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

    /// <exception cref="ArgumentException">The library refuses an option.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    public Optimizer Create(IEnumerable<Parameter> parameters) => Optimizer switch
    {
        OptimizerChoice.Adamax => new Adamax(parameters, With(new AdamaxOptions())),
        OptimizerChoice.Adam => new Adam(parameters, With(new AdamOptions())),
        OptimizerChoice.AdamW => new AdamW(parameters, With(new AdamWOptions())),
        OptimizerChoice.AmsGrad => new Adam(parameters, With(new AdamOptions { AmsGrad = true })),
        OptimizerChoice.Nadam => new Nadam(parameters, With(new NadamOptions())),
        _ => throw new InvalidOperationException($"There is no optimizer {Optimizer}."),
    };

    private string Name => Optimizer == OptimizerChoice.AmsGrad ? "AMSGrad" : Optimizer.ToString();

    private T With<T>(T options)
        where T : OptimizerOptions => options with
        {
            Dialect = Dialect,
            LearningRate = LearningRate,
            MaxDegreeOfParallelism = Threads,
            Backend = Backend,
        };
}
