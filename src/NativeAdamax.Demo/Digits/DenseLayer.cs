using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Digits;

/// <summary>
/// y = x W + b, then y = max(y, 0) where the layer is rectified. Gradients of float32 go straight into the parameters'
/// own buffers, where the optimizer reads them.
/// </summary>
internal sealed class DenseLayer : IDisposable
{
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly bool _rectified;
    private readonly float[] _output;
    private readonly float[] _outputGradient;
    private readonly float[] _inputTransposed;
    private readonly float[] _weightsTransposed;

    /// <param name="name">Names the parameters.</param>
    /// <param name="inputs">Columns of x, rows of W.</param>
    /// <param name="outputs">Columns of W and of y.</param>
    /// <param name="rectified">Whether negative outputs become zero.</param>
    /// <param name="largestBatch">The most rows of x.</param>
    /// <param name="random">W starts uniform in ±sqrt(6 / inputs) (He et al., 2015), b at zero.</param>
    /// <param name="precision">What W, b and their gradients are kept in.</param>
    public DenseLayer(
        string name, int inputs, int outputs, bool rectified, int largestBatch, Xoshiro256 random,
        PrecisionPlan precision)
    {
        _inputs = inputs;
        _outputs = outputs;
        _rectified = rectified;
        _output = new float[largestBatch * outputs];
        _outputGradient = new float[largestBatch * outputs];
        _inputTransposed = new float[largestBatch * inputs];
        _weightsTransposed = new float[inputs * outputs];
        Weights = new ModelTensor(inputs * outputs, name + ".weights", precision);
        Bias = new ModelTensor(outputs, name + ".bias", precision);
        Weights.Draw(Math.Sqrt(6.0 / inputs), random);
    }

    /// <summary>inputs x outputs.</summary>
    public ModelTensor Weights { get; }

    /// <summary>outputs.</summary>
    public ModelTensor Bias { get; }

    /// <summary>y of the last <see cref="Forward"/>, rows x outputs.</summary>
    public ReadOnlySpan<float> Output(int rows) => _output.AsSpan(0, rows * _outputs);

    /// <summary>Where the derivative of the loss by y belongs before <see cref="Backward"/>, rows x outputs.</summary>
    public Span<float> OutputGradient(int rows) => _outputGradient.AsSpan(0, rows * _outputs);

    /// <summary>Reads W and b anew, after a step.</summary>
    public void Read()
    {
        Weights.Read();
        Bias.Read();
    }

    /// <param name="input">x, rows x inputs.</param>
    /// <param name="rows">The batch.</param>
    public void Forward(ReadOnlySpan<float> input, int rows)
    {
        Span<float> output = _output.AsSpan(0, rows * _outputs);
        for (int row = 0; row < rows; row++)
            Bias.Weights.CopyTo(output[(row * _outputs)..]);
        Matrix.MultiplyAdd(input, Weights.Weights, output, rows, _inputs, _outputs);
        if (!_rectified)
            return;
        foreach (ref float y in output)
            y = y < 0 ? 0 : y;
    }

    /// <summary>Fills both gradients, and the gradient by the input where it is wanted.</summary>
    /// <param name="input">x of the last <see cref="Forward"/>.</param>
    /// <param name="inputGradient">rows x inputs, or empty.</param>
    /// <param name="rows">The batch.</param>
    public void Backward(ReadOnlySpan<float> input, Span<float> inputGradient, int rows)
    {
        Span<float> gradient = OutputGradient(rows);
        if (_rectified)
        {
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] = _output[i] > 0 ? gradient[i] : 0;
        }

        // dW = x' dy, summed over the batch in its order.
        Span<float> inputTransposed = _inputTransposed.AsSpan(0, rows * _inputs);
        Matrix.Transpose(input, inputTransposed, rows, _inputs);
        Weights.Gradient.Clear();
        Matrix.MultiplyAdd(inputTransposed, gradient, Weights.Gradient, _inputs, rows, _outputs);

        Span<float> biasGradient = Bias.Gradient;
        biasGradient.Clear();
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < _outputs; j++)
                biasGradient[j] += gradient[(row * _outputs) + j];
        }

        Weights.HandOver();
        Bias.HandOver();
        if (inputGradient.IsEmpty)
            return;

        // dx = dy W'.
        Matrix.Transpose(Weights.Weights, _weightsTransposed, _inputs, _outputs);
        inputGradient.Clear();
        Matrix.MultiplyAdd(gradient, _weightsTransposed, inputGradient, rows, _outputs, _inputs);
    }

    public void Dispose()
    {
        Weights.Dispose();
        Bias.Dispose();
    }
}
