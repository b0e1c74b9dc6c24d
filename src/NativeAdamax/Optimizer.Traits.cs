using System.Text.RegularExpressions;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <content>What single parameters have of their own.</content>
public abstract unsafe partial class Optimizer
{
    /// <summary>Multiplies the learning rate of a parameter, MXNet's lr_mult. Finite and 0 or above.</summary>
    /// <exception cref="ArgumentException">The parameter is not of this optimizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of range.</exception>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public void SetLearningRateFactor(Parameter parameter, double factor) =>
        SetTraits([IndexOf(parameter)], factor, t => t with { RateFactor = factor });

    /// <summary>The same for all parameters of a name.</summary>
    /// <exception cref="ArgumentException">No parameter has this name.</exception>
    /// <inheritdoc cref="SetLearningRateFactor(Parameter, double)"/>
    public void SetLearningRateFactor(string name, double factor) =>
        SetTraits(Named(name), factor, t => t with { RateFactor = factor });

    /// <summary>The same for a parameter by its place in <see cref="Parameters"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place, or the factor is out of range.</exception>
    /// <inheritdoc cref="SetLearningRateFactor(Parameter, double)"/>
    public void SetLearningRateFactor(int index, double factor) =>
        SetTraits([Placed(index)], factor, t => t with { RateFactor = factor });

    /// <summary>Multiplies the weight decay of a parameter, MXNet's wd_mult; 0 excludes it. Finite and 0 or above.</summary>
    /// <inheritdoc cref="SetLearningRateFactor(Parameter, double)"/>
    public void SetWeightDecayFactor(Parameter parameter, double factor) =>
        SetTraits([IndexOf(parameter)], factor, t => t with { DecayFactor = factor });

    /// <inheritdoc cref="SetLearningRateFactor(string, double)"/>
    public void SetWeightDecayFactor(string name, double factor) =>
        SetTraits(Named(name), factor, t => t with { DecayFactor = factor });

    /// <inheritdoc cref="SetLearningRateFactor(int, double)"/>
    public void SetWeightDecayFactor(int index, double factor) =>
        SetTraits([Placed(index)], factor, t => t with { DecayFactor = factor });

    /// <summary>
    /// Leaves parameters out of weight decay, of whatever form: those of a list, and those in whose name one of the
    /// regular expressions is found (Keras's exclude_from_weight_decay). Each call replaces what the one before excluded.
    /// </summary>
    /// <param name="parameters">Parameters of this optimizer; null: none.</param>
    /// <param name="namePatterns">Regular expressions; null: none.</param>
    /// <exception cref="ArgumentException">A parameter is not of this optimizer, or a pattern is no regular expression.</exception>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer has been disposed.</exception>
    public void ExcludeFromWeightDecay(
        IEnumerable<Parameter>? parameters = null, IEnumerable<string>? namePatterns = null)
    {
        using Exclusive.Scope scope = Enter();
        HashSet<int> excluded = [.. (parameters ?? []).Select(IndexOf)];
        Regex[] patterns = [.. (namePatterns ?? []).Select(p => new Regex(p, RegexOptions.CultureInvariant))];
        for (int i = 0; i < Parameters.Count; i++)
        {
            bool isExcluded = excluded.Contains(i) || patterns.Any(p => p.IsMatch(Parameters[i].Name));
            Engine.Traits(i) = Engine.Traits(i) with { IsExcludedFromDecay = isExcluded };
        }
    }

    private void SetTraits(int[] parameters, double factor, Func<TensorTraits, TensorTraits> change)
    {
        Check.NotNegative(factor, nameof(factor));
        using Exclusive.Scope scope = Enter();
        foreach (int parameter in parameters)
            Engine.Traits(parameter) = change(Engine.Traits(parameter));
    }

    private int Placed(int index) => index >= 0 && index < Parameters.Count
        ? index
        : throw Check.OutOfRange(index, nameof(index), $"from 0 to {Parameters.Count - 1}");

    private int[] Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int[] found = [.. Enumerable.Range(0, Parameters.Count).Where(i => Parameters[i].Name == name)];
        return found.Length > 0
            ? found
            : throw new ArgumentException($"No parameter is named {name}.", nameof(name));
    }
}
