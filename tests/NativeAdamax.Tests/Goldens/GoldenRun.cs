using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Goldens;

/// <summary>The library's optimizer along a golden file's gradients.</summary>
internal sealed class GoldenRun : IDisposable
{
    private readonly GoldenTrajectory _golden;
    private readonly Parameter[] _parameters;
    private readonly Optimizer _optimizer;
    private int _step;

    public GoldenRun(GoldenTrajectory golden, BackendSelection backend)
    {
        _golden = golden;
        _parameters = [.. golden.Lengths.Select((_, k) => Parameter.Create(golden.Initial(k), golden.TensorNames[k]))];
        _optimizer = OptimizerFactory.Create(
            _parameters, golden.Settings, new() { Backend = backend, LearningRate = golden.Schedule?.Schedule });
    }

    public void AdvanceTo(int step)
    {
        while (_step < step)
        {
            _step++;
            if (_golden.LearningRateBefore.TryGetValue(_step, out double learningRate))
                _optimizer.LearningRate = learningRate;
            for (int k = 0; k < _parameters.Length; k++)
            {
                if (_golden.Gradient(k, _step) is { } gradient)
                    _parameters[k].SetGradient(gradient);
                else
                    _parameters[k].ClearGradient();
            }

            _optimizer.Step();
        }
    }

    public ReadOnlySpan<float> Weights(int k) => _parameters[k].Weights;

    public ReadOnlySpan<float> State(int k, StateStream stream) => stream switch
    {
        StateStream.FirstMoment => _optimizer.FirstMoment(_parameters[k]),
        StateStream.SecondMoment => _optimizer.SecondMoment(_parameters[k]),
        StateStream.Maximum => _optimizer.MaxSecondMoment(_parameters[k]),
        StateStream.Average => _optimizer.Ema!.Average(_parameters[k]),
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "unknown stream"),
    };

    public WeightEma.SwapScope SwapAverages() => _optimizer.Ema!.Swap();

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (Parameter parameter in _parameters)
            parameter.Dispose();
    }
}
