namespace NativeAdamax.Styles.Keras;

/// <content>The step as a pure function.</content>
public sealed partial class KerasOptimizer
{
    private KerasOptimizer? _scratch;

    /// <summary>
    /// What a step would make of values, without changing anything: neither these arrays nor the optimizer, its
    /// variables or its state. The optimizer says what the numbers are, and of what shape everything is.
    /// </summary>
    /// <param name="optimizerVariables">One a variable of <see cref="Variables"/>, in their order.</param>
    /// <param name="gradients">One a variable that the optimizer was built with; null: none in this step.</param>
    /// <param name="trainableVariables">
    /// Their values, in the order in which it was built with them; rounded first where it keeps weights in fewer bits.
    /// </param>
    /// <returns>The values afterwards, in new arrays, as exact as the optimizer's weights are kept.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The number of one of the lists, or the length of a value, is another.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are no variables yet, or the options keep what is no variable: a dynamic loss scale, percentiles of norms,
    /// a number of refused steps.
    /// </exception>
    public (IReadOnlyList<float[]> TrainableVariables, IReadOnlyList<VariableValue> OptimizerVariables) StatelessApply(
        IReadOnlyList<VariableValue> optimizerVariables,
        IReadOnlyList<float[]?> gradients,
        IReadOnlyList<float[]> trainableVariables)
    {
        ArgumentNullException.ThrowIfNull(optimizerVariables);
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(trainableVariables);
        IReadOnlyList<Parameter> own = Inner.Parameters;
        RefuseHiddenState();
        if (trainableVariables.Count != own.Count)
        {
            throw new ArgumentException(
                $"There are {trainableVariables.Count} values for {own.Count} variables.", nameof(trainableVariables));
        }

        for (int i = 0; i < own.Count; i++)
        {
            if (trainableVariables[i]?.Length != own[i].Length)
            {
                throw new ArgumentException(
                    $"The value of {own[i].Name} has {trainableVariables[i]?.Length ?? 0} elements, "
                    + $"not {own[i].Length}.",
                    nameof(trainableVariables));
            }
        }

        KerasOptimizer scratch = Scratch();
        IReadOnlyList<Parameter> variables = scratch.Inner.Parameters;
        for (int i = 0; i < own.Count; i++)
        {
            variables[i].CopyWeightsFrom(trainableVariables[i]);
            variables[i].IsFrozen = own[i].IsFrozen;
            variables[i].Constraint = own[i].Constraint;
            scratch.Inner.Engine.Traits(i) = Inner.Engine.Traits(i);
        }

        scratch.SetWeights(optimizerVariables);
        scratch.Inner.GradientScale = Inner.GradientScale;
        scratch.Apply(gradients);
        return ([.. variables.Select(WeightsOf)], [.. scratch.Variables.Select(v => v.Value)]);
    }

    private void RefuseHiddenState()
    {
        if (Options is { LossScale.IsDynamic: true }
            or { ClipPercentile: not null }
            or { MaxConsecutiveSkips: not null })
        {
            throw new InvalidOperationException(
                "A dynamic loss scale, a percentile of norms and a number of refused steps are state that is no "
                + $"variable: {nameof(StatelessApply)} cannot give it back.");
        }
    }

    /// <summary>The same optimizer over memory of its own, made anew when the numbers have changed.</summary>
    private KerasOptimizer Scratch()
    {
        if (_scratch is not null && ReferenceEquals(_scratch._options, Options))
            return _scratch;
        _scratch?.DisposeWithVariables();
        _scratch = new KerasOptimizer(Options with { DecayMask = null, Logger = null }, Name);
        _scratch.Build(Inner.Parameters.Select(Like));
        _scratch._options = Options;
        return _scratch;
    }

    /// <summary>Keeps weights as another does. Where that has float32, what the model reads is not asked for.</summary>
    private static Parameter Like(Parameter variable) => variable.Master is { } master and not MasterWeights.Float32
        ? Parameter.CreateBFloat16(variable.Length, master, variable.Name)
        : Parameter.Create(variable.Length, variable.Name);

    private static float[] WeightsOf(Parameter variable)
    {
        float[] weights = new float[variable.Length];
        variable.CopyWeightsTo(weights);
        return weights;
    }

    private void DisposeWithVariables()
    {
        Parameter[] variables = [.. Inner.Parameters];
        Dispose();
        foreach (Parameter variable in variables)
            variable.Dispose();
    }
}
