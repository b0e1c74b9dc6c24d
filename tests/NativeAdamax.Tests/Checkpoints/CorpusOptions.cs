using NativeAdamax.Scaling;
using NativeAdamax.Schedules.PyTorch;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>The optimizers that the files of the corpus are of, by the last word of their names.</summary>
public sealed class CorpusOptions
{
    private static readonly string[] Names = ["adam", "adamw", "adamax", "nadam", "plateau"];

    internal static OptimizerOptions Of(string name) => name switch
    {
        "adam" => new AdamOptions { AmsGrad = true, Dialect = Dialect.PyTorch, AccumulationSteps = 2 },
        "adamw" => new AdamWOptions { Ema = new EmaOptions(), ClipPercentile = 10 },
        "adamax" => new AdamaxOptions(),
        "nadam" => new NadamOptions { LossScale = LossScale.Dynamic(Dialect.MXNet) },
        "plateau" => new AdamOptions { LearningRate = new ReduceLROnPlateau(0.5) },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no file is of it"),
    };

    /// <summary>
    /// The files of versions before must stay readable: NATIVE_ADAMAX_CORPUS=folder writes those of this one there.
    /// </summary>
    [Fact]
    public void EveryValidFileOfTheCorpusCanBeMadeAgain()
    {
        string? folder = Environment.GetEnvironmentVariable("NATIVE_ADAMAX_CORPUS");
        foreach (string name in Names)
        {
            using Run run = new Run(Of(name), [3, 1]).Call(3);
            byte[] saved = run.Save();
            using Run other = new(Of(name), [3, 1], 9);
            Assert.True(other.Load(saved).IsComplete);
            if (folder is not null)
                File.WriteAllBytes(Path.Combine(folder, $"valid-1-{name}.safetensors"), saved);
        }
    }
}
