using System.Text.RegularExpressions;

namespace NativeAdamax.Styles.Keras;

/// <content>What does not decay.</content>
public sealed partial class KerasOptimizer
{
    private IReadOnlyList<Parameter> _excludedVariables = [];
    private Regex? _excludedNames;

    /// <summary>Leaves variables out of weight decay, in the place of those of an earlier call.</summary>
    /// <param name="varList">Variables.</param>
    /// <param name="varNames">
    /// Regular expressions. Keras joins them to one and looks for it in the last part of a variable's name; tf_keras
    /// looks for each in the whole name.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is no regular expression, or a variable was not built with.
    /// </exception>
    /// <exception cref="InvalidOperationException">tf_keras: the optimizer has been built.</exception>
    public void ExcludeFromWeightDecay(IEnumerable<Parameter>? varList = null, IEnumerable<string>? varNames = null)
    {
        if (_options.Dialect == Dialect.TfKeras && IsBuilt)
            throw new InvalidOperationException($"tf_keras excludes variables before {nameof(Build)} only.");
        string joined = string.Join('|', varNames ?? []);
        Regex? names = joined.Length == 0 ? null : new Regex(joined, RegexOptions.CultureInvariant);
        Parameter[] variables = [.. varList ?? []];
        foreach (Parameter variable in variables)
        {
            if (_optimizer is not null)
                Place(_optimizer.Parameters, variable);
        }

        _excludedVariables = variables;
        _excludedNames = names;
        ApplyExclusion();
    }

    private void ApplyExclusion() => _optimizer?.ExcludeFromWeightDecay(_optimizer.Parameters.Where(IsExcluded));

    private bool IsExcluded(Parameter variable)
    {
        string name = variable.Name;
        if (_options.Dialect == Dialect.Keras)
            name = name[(name.LastIndexOf('/') + 1)..];
        return _excludedVariables.Contains(variable) || _excludedNames?.IsMatch(name) == true;
    }
}
