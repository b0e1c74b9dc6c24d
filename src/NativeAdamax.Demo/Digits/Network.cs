using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Digits;

/// <summary>A batch's sum of cross entropies in nats, and how many of its images were recognized.</summary>
internal readonly record struct BatchScore(double LossSum, int Correct);

/// <summary>A multilayer perceptron: dense layers, all rectified but the last, whose outputs are logits.</summary>
internal sealed class Network : IDisposable
{
    private readonly DenseLayer[] _layers;
    private readonly int _largestBatch;

    /// <param name="sizes">Inputs, then the outputs of each layer.</param>
    /// <param name="largestBatch">The most images of one call.</param>
    /// <param name="random">Draws the initial weights, layer by layer.</param>
    /// <param name="precision">What weights and gradients are kept in; null: float32.</param>
    public Network(
        ReadOnlySpan<int> sizes, int largestBatch, Xoshiro256 random, PrecisionPlan? precision = null)
    {
        Sizes = sizes.ToArray();
        _largestBatch = largestBatch;
        _layers = new DenseLayer[sizes.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            bool rectified = i < _layers.Length - 1;
            _layers[i] = new DenseLayer(
                $"layer{i + 1}", sizes[i], sizes[i + 1], rectified, largestBatch, random,
                precision ?? PrecisionPlan.Of(PrecisionChoice.Float32));
        }

        Parameters = [.. _layers.SelectMany(layer => new[] { layer.Weights.Parameter, layer.Bias.Parameter })];
    }

    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Weights and bias of the first layer, of the second, and so on.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    public long ParameterCount => Parameters.Sum(parameter => parameter.Length);

    /// <summary>The mean loss' gradients into the parameters' gradient buffers.</summary>
    /// <param name="images">One image after another.</param>
    /// <param name="labels">Their classes; their number is the batch.</param>
    /// <param name="scale">Of the gradients, and so of the loss; the score is that of the loss itself.</param>
    public BatchScore Differentiate(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, double scale = 1)
    {
        int rows = labels.Length;
        Read();
        Forward(images, rows);
        BatchScore score = Score(labels, _layers[^1].OutputGradient(rows), scale);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            bool first = i == 0;
            _layers[i].Backward(
                first ? images : _layers[i - 1].Output(rows), first ? [] : _layers[i - 1].OutputGradient(rows), rows);
        }

        return score;
    }

    /// <summary>The mean loss and the accuracy (0 to 1) over a set of images.</summary>
    public (double Loss, double Accuracy) Evaluate(ImageSet set)
    {
        double lossSum = 0;
        int correct = 0;
        Read();
        for (int start = 0; start < set.Count; start += _largestBatch)
        {
            int rows = Math.Min(_largestBatch, set.Count - start);
            Forward(set.Pixels.Slice(start * Sizes[0], rows * Sizes[0]), rows);
            BatchScore score = Score(set.Labels.Slice(start, rows), [], scale: 1);
            lossSum += score.LossSum;
            correct += score.Correct;
        }

        return (lossSum / set.Count, (double)correct / set.Count);
    }

    public void Dispose()
    {
        foreach (DenseLayer layer in _layers)
            layer.Dispose();
    }

    private void Read()
    {
        foreach (DenseLayer layer in _layers)
            layer.Read();
    }

    private void Forward(ReadOnlySpan<float> images, int rows)
    {
        for (int i = 0; i < _layers.Length; i++)
            _layers[i].Forward(i == 0 ? images : _layers[i - 1].Output(rows), rows);
    }

    // Cross entropy of softmax, and unless the span is empty its gradient (softmax - target) / rows * scale. In double,
    // so that each is rounded to float once.
    private BatchScore Score(ReadOnlySpan<int> labels, Span<float> gradient, double scale)
    {
        int classes = Sizes[^1];
        Span<double> exponentials = stackalloc double[classes];
        double lossSum = 0;
        int correct = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> logits = _layers[^1].Output(labels.Length).Slice(row * classes, classes);
            int label = labels[row];
            int best = 0;
            for (int j = 1; j < classes; j++)
                best = logits[j] > logits[best] ? j : best;
            double sum = 0;
            for (int j = 0; j < classes; j++)
            {
                exponentials[j] = FixedMath.Exp((double)logits[j] - logits[best]);
                sum += exponentials[j];
            }

            // Logits that are not finite have a loss that is not a number, as the gradient then is.
            double logSum = double.IsFinite(sum) ? FixedMath.Log(sum) : double.NaN;
            lossSum += logSum - ((double)logits[label] - logits[best]);
            correct += best == label && double.IsFinite(sum) ? 1 : 0;
            if (gradient.IsEmpty)
                continue;
            for (int j = 0; j < classes; j++)
            {
                double target = j == label ? 1 : 0;
                gradient[(row * classes) + j] = (float)(((exponentials[j] / sum) - target) / labels.Length * scale);
            }
        }

        return new BatchScore(lossSum, correct);
    }
}
