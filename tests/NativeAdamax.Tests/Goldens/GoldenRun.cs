using NativeAdamax.Tests.Optimizers;
using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>The library's optimizer along a golden file's gradients.</summary>
internal sealed class GoldenRun : IDisposable
{
    private readonly GoldenTrajectory _golden;
    private readonly Parameter[] _parameters;
    private readonly Optimizer _optimizer;
    private int _step;

    /// <param name="golden">The gradients and the settings.</param>
    /// <param name="backend">What does the arithmetic.</param>
    /// <param name="factors">What differs by tensor is given as factors of parameters; otherwise by groups.</param>
    public GoldenRun(GoldenTrajectory golden, BackendSelection backend, bool factors = false)
    {
        _golden = golden;
        _parameters = [.. golden.Lengths.Select((_, k) => Parameter.Create(golden.Initial(k), golden.TensorNames[k]))];
        OptimizerFactory.Shared shared = new() { Backend = backend, LearningRate = golden.Schedule?.Schedule };
        _optimizer = factors
            ? CreateWithFactors(golden.Settings, shared)
            : OptimizerFactory.Create(_parameters, golden.Settings, shared);
        _optimizer.GradientScale = golden.Settings[0].GradientScale;
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
                if (_golden.ScaledGradient(k, _step) is { } gradient)
                    _parameters[k].SetGradient(gradient);
                else
                    _parameters[k].ClearGradient();
            }

            Report = _optimizer.Step();
        }
    }

    public StepReport Report { get; private set; }

    public ReadOnlySpan<float> Weights(int k) => _parameters[k].Weights;

    public ReadOnlySpan<float> State(int k, StateStream stream) => stream switch
    {
        StateStream.FirstMoment => FirstMoment(k),
        StateStream.SecondMoment => _optimizer.State(_parameters[k]).SecondMoment,
        StateStream.Maximum => _optimizer.State(_parameters[k]).MaxSecondMoment,
        StateStream.Sum => _optimizer.State(_parameters[k]).GradientSum,
        StateStream.Average => _optimizer.Ema!.Average(_parameters[k]),
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "unknown stream"),
    };

    private float[] FirstMoment(int k)
    {
        float[] m = new float[_parameters[k].Length];
        _optimizer.State(_parameters[k]).CopyFirstMomentTo(m);
        return m;
    }

    public void FinalizeWeights() => _optimizer.Ema!.CopyToWeights();

    public WeightEma.SwapScope SwapAverages() => _optimizer.Ema!.Swap();

    private Optimizer CreateWithFactors(ReferenceSettings[] settings, OptimizerFactory.Shared shared)
    {
        double rate = settings.Max(s => s.LearningRate), decay = settings.Max(s => s.WeightDecay);
        ReferenceSettings common = settings[0] with { LearningRate = rate, WeightDecay = decay };
        OptimizerOptions options = OptimizerFactory.Options(common, shared) with
        {
            DecayMask = p => settings[Array.IndexOf(_parameters, p)].WeightDecay > 0,
        };
        Optimizer optimizer = OptimizerFactory.Create(_parameters, options);
        for (int k = 0; k < settings.Length; k++)
        {
            if (rate > 0)
                optimizer.SetLearningRateFactor(_parameters[k], settings[k].LearningRate / rate);
            if (settings[k].WeightDecay > 0)
                optimizer.SetWeightDecayFactor(_parameters[k], settings[k].WeightDecay / decay);
        }

        return optimizer;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (Parameter parameter in _parameters)
            parameter.Dispose();
    }
}
