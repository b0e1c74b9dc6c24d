namespace NativeAdamax.Styles.Keras;

/// <content>The state as a list of variables in the system's order.</content>
public sealed partial class KerasOptimizer
{
    private OptimizerVariable[]? _variables;

    /// <summary>
    /// The state: the iteration, the learning rate where a number rules it, averages, sums of gradients, then the
    /// moments, variable by variable, AMSGrad's maxima, and Nadam's product. The iteration counts calls, also those
    /// that only accumulated.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no variables yet.</exception>
    public IReadOnlyList<OptimizerVariable> Variables
    {
        get
        {
            bool hasRate = Inner.LearningRateRule is NativeAdamax.LearningRate.Number;
            if (_variables is null || hasRate != (_variables[1].Kind == VariableKind.Number))
                _variables = [.. StateVariables.Of(Inner, Name, _options.Dialect == Dialect.TfKeras)];
            return _variables;
        }
    }

    /// <summary>Sets all variables at once.</summary>
    /// <param name="weights">One a variable, in their order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Their number, a kind or a length is another. Nothing has been changed then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A count, rate or product is out of its range. Nothing has been changed then.
    /// </exception>
    public void SetWeights(IReadOnlyList<VariableValue> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        IReadOnlyList<OptimizerVariable> variables = Variables;
        if (weights.Count != variables.Count)
        {
            throw new ArgumentException(
                $"There are {weights.Count} values for {variables.Count} variables.", nameof(weights));
        }

        for (int i = 0; i < weights.Count; i++)
            variables[i].Check(weights[i]);
        for (int i = 0; i < weights.Count; i++)
            variables[i].Set(weights[i]);
    }
}
