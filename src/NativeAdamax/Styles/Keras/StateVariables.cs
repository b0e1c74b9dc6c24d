using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax.Styles.Keras;

/// <summary>An optimizer's state as variables, in the order and under the names of Keras or tf_keras.</summary>
internal sealed class StateVariables
{
    private readonly Optimizer _optimizer;
    private readonly string _name;
    private readonly bool _isTf;

    private StateVariables(Optimizer optimizer, string name, bool isTf)
    {
        _optimizer = optimizer;
        _name = name;
        _isTf = isTf;
    }

    public static IEnumerable<OptimizerVariable> Of(Optimizer optimizer, string name, bool isTf) =>
        new StateVariables(optimizer, name, isTf).List();

    private IEnumerable<OptimizerVariable> List()
    {
        OptimizerOptions options = _optimizer.Options;
        yield return Variable(
            "iteration", VariableKind.Integer, () => _optimizer.CallCount, value =>
                _optimizer.GoOnAt(value.AsInteger()));
        if (_optimizer.LearningRateRule is LearningRate.Number)
        {
            yield return Variable("learning_rate", VariableKind.Number,
                () => _optimizer.LearningRate, value => _optimizer.LearningRate = value.AsNumber());
        }

        foreach (Parameter p in _optimizer.Parameters.Where(_ => _optimizer.Ema is not null))
            yield return Slot(p, "average", StreamPlace.A);
        foreach (Parameter p in _optimizer.Parameters.Where(_ => _optimizer.Engine.Accumulates))
            yield return Slot(p, "gradient_accumulator", StreamPlace.S);
        bool isAdamax = options.Algorithm == Algorithm.Adamax;
        foreach (Parameter p in _optimizer.Parameters)
        {
            yield return Slot(p, _isTf ? "m" : "momentum", StreamPlace.M);
            string second = isAdamax ? (_isTf ? "u" : "norm") : _isTf ? "v" : "velocity";
            yield return Slot(p, second, StreamPlace.V);
        }

        foreach (Parameter p in _optimizer.Parameters.Where(_ => options is AdamFamilyOptions { AmsGrad: true }))
            yield return Slot(p, _isTf ? "vhat" : "velocity_hat", StreamPlace.X);
        if (options is NadamOptions)
        {
            yield return Variable("variable", VariableKind.Number,
                () => _optimizer.State(_optimizer.Parameters[0]).MomentumProduct, value =>
                    SetProduct(value.AsNumber()), isFraction: true);
        }
    }

    private OptimizerVariable Slot(Parameter parameter, string slot, StreamPlace place)
    {
        string variable = _isTf ? parameter.Name : parameter.Name.Replace('/', '_');
        return new OptimizerVariable(
            _isTf ? $"{_name}/{slot}/{variable}" : $"{_name}/{variable}_{slot}", VariableKind.Array, parameter.Length,
            () => _optimizer.State(parameter).ToArray(place),
            value => _optimizer.State(parameter).SetOrClear(place, value.AsArray()));
    }

    private OptimizerVariable Variable(
        string name,
        VariableKind kind,
        Func<VariableValue> get,
        Action<VariableValue> set,
        bool isFraction = false) =>
        new($"{_name}/{name}", kind, 1, get, set, isFraction);

    private void SetProduct(double product)
    {
        foreach (Parameter parameter in _optimizer.Parameters)
        {
            ParameterState state = _optimizer.State(parameter);
            state.MomentumProduct = product;
        }
    }
}
