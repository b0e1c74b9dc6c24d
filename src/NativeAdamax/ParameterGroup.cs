namespace NativeAdamax;

/// <summary>Parameters that share options of their own.</summary>
public sealed class ParameterGroup
{
    /// <summary>A group.</summary>
    /// <param name="parameters">Its parameters; at least one, none null.</param>
    /// <param name="options">
    /// Its options, of the optimizer's kind and dialect; a null in them means the optimizer's value. Null: the
    /// optimizer's. What holds for a whole optimizer (threads, backend, average, norms, accumulation, loss scale) must
    /// be left out of them, or be the same.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no parameter, or one is null.</exception>
    public ParameterGroup(IEnumerable<Parameter> parameters, OptimizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = [.. parameters];
        Options = options;
        if (Parameters.Count == 0)
            throw new ArgumentException("A group needs at least one parameter.", nameof(parameters));
        if (Parameters.Contains(null!))
            throw new ArgumentException("A parameter is null.", nameof(parameters));
    }

    /// <summary>In the order of updates and states.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Null: the optimizer's.</summary>
    public OptimizerOptions? Options { get; }
}
