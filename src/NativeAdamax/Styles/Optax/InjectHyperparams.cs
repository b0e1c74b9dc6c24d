using System.Collections.Immutable;

namespace NativeAdamax.Styles.Optax;

/// <summary>
/// A transformation whose numbers stand in its state, where they can be read, and changed between updates. Schedules
/// are asked at every update, with a count of their own from 0 on.
/// </summary>
internal sealed class InjectHyperparams : GradientTransformation
{
    private readonly Func<IReadOnlyDictionary<string, double>, GradientTransformation> _factory;
    private readonly ImmutableDictionary<string, LearningRate> _hyperparams;

    public InjectHyperparams(
        Func<IReadOnlyDictionary<string, double>, GradientTransformation> factory,
        IEnumerable<(string Name, LearningRate Value)> hyperparams)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(hyperparams);
        _factory = factory;
        _hyperparams = hyperparams.ToImmutableDictionary(h => h.Name, h => h.Value);
        if (_hyperparams.IsEmpty)
            throw new ArgumentException("There is no hyper-parameter.", nameof(hyperparams));
        if (_hyperparams.FirstOrDefault(h => h.Value is null).Key is { } missing)
            throw new ArgumentException($"Hyper-parameter {missing} is null.", nameof(hyperparams));
    }

    public override TransformState Init(Tree parameters)
    {
        ImmutableDictionary<string, double> values = At(0, ImmutableDictionary<string, double>.Empty);
        return new InjectHyperparamsState(0, values, _factory(values).Init(parameters));
    }

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        InjectHyperparamsState old = Expect<InjectHyperparamsState>(state);
        if (old.Hyperparams.Keys.FirstOrDefault(name => !_hyperparams.ContainsKey(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"There is no hyper-parameter {unknown}; there are {string.Join(", ", _hyperparams.Keys)}.",
                nameof(state));
        }

        ImmutableDictionary<string, double> values = At(old.Count, old.Hyperparams);
        (Tree changes, TransformState inner) = _factory(values).Update(updates, old.InnerState, parameters);
        return (changes, new InjectHyperparamsState(old.Count + 1, values, inner));
    }

    /// <summary>The state's numbers, and what the schedules say.</summary>
    private ImmutableDictionary<string, double> At(long count, ImmutableDictionary<string, double> given) =>
        _hyperparams.ToImmutableDictionary(
            h => h.Key,
            h => h.Value is LearningRate.Number && given.TryGetValue(h.Key, out double number)
                ? number
                : h.Value.At(count));
}
