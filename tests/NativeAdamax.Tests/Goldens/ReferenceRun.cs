using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Goldens;

/// <summary>The float64 reference along a golden file's gradients.</summary>
internal static class ReferenceRun
{
    /// <summary>The tensors of the reference at each checkpoint. They move on with the enumeration.</summary>
    /// <param name="golden">The gradients and the settings.</param>
    /// <param name="change">Of the settings; null: none.</param>
    public static IEnumerable<(GoldenCheckpoint Checkpoint, ReferenceTensor[] Tensors)> Along(
        GoldenTrajectory golden, Func<ReferenceSettings, ReferenceSettings>? change = null)
    {
        ReferenceTensor[] tensors =
            [.. golden.Settings.Select((s, k) => ReferenceTensor.Create(change?.Invoke(s) ?? s, golden.Initial(k)))];
        ReferenceOptimizer optimizer = new(tensors);
        int step = 0;
        foreach (GoldenCheckpoint checkpoint in golden.Checkpoints)
        {
            while (step < checkpoint.Step)
            {
                step++;
                for (int k = 0; k < tensors.Length; k++)
                {
                    if (golden.LearningRateBefore.TryGetValue(step, out double learningRate))
                        tensors[k].LearningRate = learningRate;
                    if (golden.Schedule is { } schedule)
                    {
                        tensors[k].LearningRate = schedule.Rates[step - 1];
                        tensors[k].Beta1 = schedule.Beta1?[step - 1] ?? tensors[k].Beta1;
                    }
                }

                // The float64 runs of the systems scaled their gradients without rounding.
                optimizer.Step([.. tensors.Select((t, k) =>
                    golden.Gradient(k, step)?.Select(g => g * t.Settings.LossScale).ToArray())]);
            }

            yield return (checkpoint, tensors);
        }
    }

    public static double[] State(ReferenceTensor tensor, StateStream stream) => stream switch
    {
        StateStream.FirstMoment => tensor.M,
        StateStream.SecondMoment => tensor.V,
        StateStream.Maximum => tensor.Maximum,
        StateStream.Average => tensor.Average,
        StateStream.Sum => tensor.Sum,
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "unknown stream"),
    };
}
