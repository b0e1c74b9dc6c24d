using NativeAdamax.Dialects;

namespace NativeAdamax.Styles.Keras;

/// <content>The state as a list of variables in the system's order.</content>
public sealed partial class KerasOptimizer
{
    private OptimizerVariable[]? _variables;

    /// <summary>
    /// The state: the iteration, the learning rate where a number rules it, averages, sums of gradients, then the moments,
    /// variable by variable, AMSGrad's maxima, and Nadam's product. The iteration counts calls, also those that only
    /// accumulated.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no variables yet.</exception>
    public IReadOnlyList<OptimizerVariable> Variables
    {
        get
        {
            bool hasRate = Inner.LearningRateRule is NativeAdamax.LearningRate.Number;
            if (_variables is null || hasRate != (_variables[1].Kind == VariableKind.Number))
                _variables = [.. List(Inner, hasRate)];
            return _variables;
        }
    }

    /// <summary>Sets all variables at once.</summary>
    /// <param name="weights">One a variable, in their order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <exception cref="ArgumentException">Their number, a kind or a length is another. Nothing has been changed then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 0, or a rate or product out of its range.</exception>
    public void SetWeights(IReadOnlyList<VariableValue> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        IReadOnlyList<OptimizerVariable> variables = Variables;
        if (weights.Count != variables.Count)
            throw new ArgumentException($"There are {weights.Count} values for {variables.Count} variables.", nameof(weights));
        for (int i = 0; i < weights.Count; i++)
            variables[i].Check(weights[i]);
        for (int i = 0; i < weights.Count; i++)
            variables[i].Set(weights[i]);
    }

    private IEnumerable<OptimizerVariable> List(Optimizer optimizer, bool hasRate)
    {
        yield return Variable("iteration", VariableKind.Integer, () => optimizer.CallCount, value => Count(value.AsInteger()));
        if (hasRate)
        {
            yield return Variable("learning_rate", VariableKind.Number,
                () => optimizer.LearningRate, value => optimizer.LearningRate = value.AsNumber());
        }

        foreach (Parameter p in optimizer.Parameters.Where(_ => optimizer.Ema is not null))
            yield return Slot(p, "average", s => s.Average);
        foreach (Parameter p in optimizer.Parameters.Where(_ => optimizer.Engine.Accumulates))
            yield return Slot(p, "gradient_accumulator", s => s.GradientSum);
        bool isAdamax = Options.Algorithm == Algorithm.Adamax;
        foreach (Parameter p in optimizer.Parameters)
        {
            yield return Slot(p, IsTf ? "m" : "momentum", s => s.FirstMoment);
            string second = isAdamax ? (IsTf ? "u" : "norm") : IsTf ? "v" : "velocity";
            yield return Slot(p, second, s => s.SecondMoment);
        }

        foreach (Parameter p in optimizer.Parameters.Where(_ => Options is AdamFamilyOptions { AmsGrad: true }))
            yield return Slot(p, IsTf ? "vhat" : "velocity_hat", s => s.MaxSecondMoment);
        if (Options is NadamOptions)
        {
            yield return Variable("variable", VariableKind.Number,
                () => optimizer.State(optimizer.Parameters[0]).MomentumProduct, value => SetProduct(value.AsNumber()));
        }
    }

    private bool IsTf => _options.Dialect == Dialect.TfKeras;

    private OptimizerVariable Slot(Parameter parameter, string slot, SpanOf span)
    {
        Optimizer optimizer = Inner;
        string variable = IsTf ? parameter.Name : parameter.Name.Replace('/', '_');
        return new OptimizerVariable(
            IsTf ? $"{Name}/{slot}/{variable}" : $"{Name}/{variable}_{slot}", VariableKind.Array, parameter.Length,
            () => span(optimizer.State(parameter)).ToArray(),
            value => value.AsArray().CopyTo(span(optimizer.State(parameter))));
    }

    private OptimizerVariable Variable(
        string name, VariableKind kind, Func<VariableValue> get, Action<VariableValue> set) =>
        new($"{Name}/{name}", kind, 1, get, set);

    /// <summary>One count of calls says all: updates, those of every variable, and moves of the averages.</summary>
    private void Count(long calls) => Inner.GoOnAt(calls);

    private void SetProduct(double product)
    {
        foreach (Parameter parameter in Inner.Parameters)
        {
            ParameterState state = Inner.State(parameter);
            state.MomentumProduct = product;
        }
    }

    private delegate Span<float> SpanOf(ParameterState state);
}
