namespace NativeAdamax.Demo.Digits;

/// <summary>What a training run depends on: the same settings give the same weights, whatever the backend.</summary>
/// <param name="Optimizer">Who moves the weights.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Batch">The most images of a step.</param>
/// <param name="Seed">Decides the split, the initial weights and the order of the images.</param>
internal sealed record DigitsSettings(OptimizerSettings Optimizer, int Epochs, int Batch, ulong Seed)
{
    /// <summary>What weights, gradients and moments are kept in.</summary>
    public PrecisionPlan Precision { get; init; } = PrecisionPlan.Of(PrecisionChoice.Float32);

    /// <summary>Outputs of each of the two hidden layers.</summary>
    public int Hidden { get; init; } = 512;
}

/// <summary>Where a run is.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Fraction">Of all steps, 0 to 1.</param>
/// <param name="Loss">The mean training loss of this epoch so far, in nats.</param>
/// <param name="Accuracy">The share of this epoch's training images recognized so far.</param>
/// <param name="HeldOut">After the last whole epoch; null before the first.</param>
/// <param name="EpochEnd">Whether the epoch is done.</param>
internal readonly record struct DigitsStatus(
    int Epoch, double Fraction, double Loss, double Accuracy, EpochResult? HeldOut, bool EpochEnd);

/// <summary>The means of an epoch: in training while the weights moved, then over the held-out images.</summary>
internal sealed record EpochResult(
    int Epoch, double TrainingLoss, double TrainingAccuracy, double HeldOutLoss, double HeldOutAccuracy);

/// <summary>A finished run.</summary>
/// <param name="Epochs">One result an epoch.</param>
/// <param name="Steps">Of the optimizer.</param>
/// <param name="Total">Of the whole training, evaluations included.</param>
/// <param name="InSteps">The part of it within the optimizer's step.</param>
/// <param name="WeightsHash">See <see cref="WeightsHash"/>.</param>
internal sealed record DigitsResult(
    IReadOnlyList<EpochResult> Epochs, long Steps, TimeSpan Total, TimeSpan InSteps, string WeightsHash);
