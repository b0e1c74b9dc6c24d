using NativeAdamax.Engine;

namespace NativeAdamax.Styles.Keras;

/// <content>Steps with gradients that are given in the call.</content>
public sealed unsafe partial class KerasOptimizer
{
    private readonly Exclusive _exclusive = new("A KerasOptimizer");

    /// <summary>A step with the gradients that the variables hold themselves, in whatever memory.</summary>
    /// <inheritdoc cref="Optimizer.Step()"/>
    public StepReport Apply() => Inner.Step();

    /// <summary>A step. The first one builds.</summary>
    /// <param name="gradients">
    /// One a variable, read in place; null for a variable that has none in this call. An empty list does nothing.
    /// </param>
    /// <param name="variables">Null: those built with, in their order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="gradients"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The lists are not of one length, a gradient is not as long as its variable, all are null, or a variable stands
    /// there twice or was not built with, or has its gradient in its own memory.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no variables yet, and none given.</exception>
    public StepReport Apply(IReadOnlyList<float[]?> gradients, IReadOnlyList<Parameter>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count == 0)
            return default;
        if (variables is not null)
            RefuseCount(gradients.Count, variables.Count);
        float[]?[] given = Given(gradients, variables);
        if (variables is not null)
            Build(variables);
        return Step(given);
    }

    /// <summary>A step with pairs of gradients and variables.</summary>
    /// <returns>The calls so far, also those that only accumulated.</returns>
    /// <inheritdoc cref="Apply(IReadOnlyList{float[]}, IReadOnlyList{Parameter})"/>
    public long ApplyGradients(IEnumerable<(float[]? Gradient, Parameter Variable)> gradients)
    {
        (float[]? Gradient, Parameter Variable)[] pairs = [.. gradients];
        Apply([.. pairs.Select(p => p.Gradient)], [.. pairs.Select(p => p.Variable)]);
        return _optimizer?.CallCount ?? 0;
    }

    /// <summary>The gradient of each variable that the optimizer has, or will have when it is built.</summary>
    private float[]?[] Given(IReadOnlyList<float[]?> gradients, IReadOnlyList<Parameter>? variables)
    {
        IReadOnlyList<Parameter> all = _optimizer?.Parameters ?? variables ?? Inner.Parameters;
        variables ??= all;
        RefuseCount(gradients.Count, variables.Count);
        if (gradients.All(g => g is null))
            throw new ArgumentException("There is no gradient for any variable.", nameof(gradients));
        float[]?[] given = new float[]?[all.Count];
        bool[] seen = new bool[all.Count];
        for (int i = 0; i < variables.Count; i++)
        {
            int place = Place(all, variables[i]);
            if (seen[place])
                throw new ArgumentException($"Variable {variables[i].Name} stands there twice.", nameof(variables));
            if (gradients[i] is { } gradient && gradient.Length != variables[i].Length)
            {
                throw new ArgumentException(
                    $"The gradient of {variables[i].Name} has {gradient.Length} elements, not {variables[i].Length}.",
                    nameof(gradients));
            }

            seen[place] = true;
            given[place] = gradients[i];
        }

        return given;
    }

    private static int Place(IReadOnlyList<Parameter> all, Parameter variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        for (int i = 0; i < all.Count; i++)
        {
            if (ReferenceEquals(all[i], variable))
                return i;
        }

        throw new ArgumentException($"The optimizer was not built with variable {variable.Name}.", nameof(variable));
    }

    /// <summary>Lends the gradients to the variables for the length of the step.</summary>
    private StepReport Step(float[]?[] gradients)
    {
        using Exclusive.Scope scope = _exclusive.Enter();
        IReadOnlyList<Parameter> all = Inner.Parameters;
        Kept[] own = new Kept[all.Count], lent = new Kept[all.Count];
        bool[] hadRows = [.. all.Select(p => p.Slot.HasRows)];
        using Pins pins = new();
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = all[i].Slot.Gradient;
            lent[i] = gradients[i] is { } gradient ? Kept.Of(pins.Of(gradient)) : default;
            all[i].RefuseOverlap(lent[i]);
        }

        try
        {
            for (int i = 0; i < own.Length; i++)
                all[i].Slot.Gradient = lent[i];
            return Inner.Step();
        }
        finally
        {
            for (int i = 0; i < own.Length; i++)
            {
                all[i].Slot.Gradient = own[i];
                if (hadRows[i])
                    all[i].Slot.SetRows(all[i].Slot.Rows!);
            }
        }
    }

    private static void RefuseCount(int gradients, int variables)
    {
        if (gradients != variables)
        {
            throw new ArgumentException(
                $"There are {gradients} gradients for {variables} variables.", nameof(gradients));
        }
    }
}
