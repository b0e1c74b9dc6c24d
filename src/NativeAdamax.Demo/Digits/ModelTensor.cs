using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Digits;

/// <summary>
/// A parameter as the network sees it, which computes in float32 with weights of any type: it reads them widened, and
/// rounds the gradient to what it hands over, to nearest even.
/// </summary>
internal sealed class ModelTensor : IDisposable
{
    private readonly PrecisionPlan _plan;
    private readonly float[]? _widened;
    private readonly float[]? _unrounded;
    private readonly BFloat16[] _bfloat16 = [];
    private readonly Half[] _half = [];

    public ModelTensor(int length, string name, PrecisionPlan plan)
    {
        _plan = plan;
        Parameter = plan.Model switch
        {
            ModelType.BFloat16 => Parameter.CreateBFloat16(length, plan.Master, name),
            ModelType.Half => Parameter.CreateHalf(length, name),
            _ => Parameter.Create(length, name),
        };
        _widened = plan.Model == ModelType.Float32 ? null : new float[length];
        if (plan.Gradient == ModelType.Float32)
            return;
        _unrounded = new float[length];
        if (plan.Gradient == ModelType.BFloat16)
            Parameter.SetGradient(_bfloat16 = new BFloat16[length]);
        else
            Parameter.SetGradient(_half = new Half[length]);
    }

    public Parameter Parameter { get; }

    /// <summary>The weights, as of the last <see cref="Read"/>.</summary>
    public ReadOnlySpan<float> Weights => _widened ?? Parameter.Weights;

    /// <summary>Where the gradient belongs before <see cref="HandOver"/>.</summary>
    public Span<float> Gradient => _unrounded ?? Parameter.Gradient;

    /// <summary>Weights to begin with: uniform in ±bound.</summary>
    public void Draw(double bound, Xoshiro256 random)
    {
        float[] weights = new float[Parameter.Length];
        foreach (ref float w in weights.AsSpan())
            w = (float)random.NextDouble(-bound, bound);
        Parameter.CopyWeightsFrom(weights);
    }

    /// <summary>Reads the weights anew, after a step.</summary>
    public void Read()
    {
        if (_plan.Forgets)
            Parameter.ReadModelWeights();
        ReadOnlySpan<BFloat16> bfloat16 = _plan.Model == ModelType.BFloat16 ? Parameter.BFloat16Weights : [];
        ReadOnlySpan<Half> half = _plan.Model == ModelType.Half ? Parameter.HalfWeights : [];
        for (int i = 0; i < bfloat16.Length; i++)
            _widened![i] = (float)bfloat16[i];
        for (int i = 0; i < half.Length; i++)
            _widened![i] = (float)half[i];
    }

    /// <summary>Gives the gradient to the optimizer's next step.</summary>
    public void HandOver()
    {
        for (int i = 0; i < _bfloat16.Length; i++)
            _bfloat16[i] = (BFloat16)_unrounded![i];
        for (int i = 0; i < _half.Length; i++)
            _half[i] = (Half)_unrounded![i];
    }

    public void Dispose() => Parameter.Dispose();
}
