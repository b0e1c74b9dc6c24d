using System.Diagnostics;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Demo.Digits;

/// <summary>Trains a network on the digits. All arithmetic outside the optimizer is in a fixed order as well.</summary>
internal sealed class Trainer : IDisposable
{
    // One seed, but a different stream of random numbers for each use: another batch size changes no initial weight.
    private const ulong SplitStream = 1;
    private const ulong WeightStream = 2;
    private const ulong OrderStream = 3;

    private readonly DigitsSettings _settings;
    private readonly ImageSet _training;
    private readonly ImageSet _heldOut;
    private readonly Network _network;
    private readonly Optimizer _optimizer;
    private readonly Stopwatch _inSteps = new();

    /// <exception cref="ArgumentException">The library refuses an option of the optimizer.</exception>
    /// <exception cref="BackendUnavailableException">The backend is not there.</exception>
    public Trainer(DigitsSettings settings)
    {
        _settings = settings;
        (_training, _heldOut) = DigitsData.Split(DigitsData.Load(), new Xoshiro256(settings.Seed, SplitStream));
        _network = new Network(
            [ImageSet.PixelCount, settings.Hidden, settings.Hidden, ImageSet.ClassCount], settings.Batch,
            new Xoshiro256(settings.Seed, WeightStream), settings.Precision);
        try
        {
            _optimizer = settings.Optimizer.Create(_network.Parameters, settings.Precision, settings.Seed);
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    public Network Network => _network;

    public BackendInfo Backend => _optimizer.BackendInfo;

    public int TrainingCount => _training.Count;

    public int HeldOutCount => _heldOut.Count;

    /// <param name="report">Is told after every step.</param>
    /// <param name="cancellation">Ends the run after a step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public DigitsResult Run(Action<DigitsStatus> report, CancellationToken cancellation)
    {
        var random = new Xoshiro256(_settings.Seed, OrderStream);
        int[] order = [.. Enumerable.Range(0, _training.Count)];
        var epochs = new List<EpochResult>();
        _inSteps.Reset();
        var total = Stopwatch.StartNew();
        for (int epoch = 1; epoch <= _settings.Epochs; epoch++)
        {
            random.Shuffle<int>(order);
            epochs.Add(RunEpoch(epoch, order, epochs.LastOrDefault(), report, cancellation));
        }

        total.Stop();
        string hash = WeightsHash.Of(_network.Parameters.Select(WeightsOf));
        return new DigitsResult(epochs, _optimizer.StepCount, total.Elapsed, _inSteps.Elapsed, hash);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
    }

    private EpochResult RunEpoch(
        int epoch, int[] order, EpochResult? last, Action<DigitsStatus> report, CancellationToken cancellation)
    {
        double lossSum = 0;
        int correct = 0;

        // Batches of nearly one size: a last one of two images would be a step of almost pure noise.
        int batches = (order.Length + _settings.Batch - 1) / _settings.Batch;
        for (int i = 0; i < batches; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = (int)((long)i * order.Length / batches);
            int end = (int)((long)(i + 1) * order.Length / batches);
            ImageSet batch = _training.Select(order.AsSpan(start, end - start));
            BatchScore score = _network.Differentiate(batch.Pixels, batch.Labels, _optimizer.ScaleLoss(1));
            _inSteps.Start();
            _optimizer.Step();
            _inSteps.Stop();
            lossSum += score.LossSum;
            correct += score.Correct;
            if (end < order.Length)
            {
                double fraction = (epoch - 1 + ((double)end / order.Length)) / _settings.Epochs;
                report(new DigitsStatus(epoch, fraction, lossSum / end, (double)correct / end, last, EpochEnd: false));
            }
        }

        (double loss, double accuracy) = Evaluate();
        var result = new EpochResult(epoch, lossSum / order.Length, (double)correct / order.Length, loss, accuracy);
        report(new DigitsStatus(
            epoch, (double)epoch / _settings.Epochs, result.TrainingLoss, result.TrainingAccuracy, result,
            EpochEnd: true));
        return result;
    }

    private (double Loss, double Accuracy) Evaluate()
    {
        using (_optimizer.Ema?.Swap())
            return _network.Evaluate(_heldOut);
    }

    private static float[] WeightsOf(Parameter parameter)
    {
        float[] weights = new float[parameter.Length];
        parameter.CopyWeightsTo(weights);
        return weights;
    }
}
