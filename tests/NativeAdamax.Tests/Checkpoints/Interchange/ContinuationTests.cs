using NativeAdamax.Checkpoints.Interchange;
using NativeAdamax.Styles.PyTorch;
using NativeAdamax.Tests.Goldens;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Checkpoints.Interchange;

/// <summary>Runs that PyTorch began and this library goes on with.</summary>
public sealed class ContinuationTests
{
    private static readonly GoldenTrajectory Golden = GoldenTrajectory.Load("torch/adamax_resume");

    [Fact]
    public void ARunGoesOnFromTheVeryFileThatPyTorchSaved()
    {
        Parameter[] parameters = Weights();
        using TorchOptimizer torch = new(
            parameters, new AdamaxOptions { LearningRate = 5, WeightDecay = 5, Beta1 = 0 });
        torch.LoadStateDict(PyTorchFile.ReadStateDict(Saved.Path(Saved.Optimizer)));
        AssertGoesOn(torch.Inner);
    }

    [Fact]
    public void ARunGoesOnInAnOptimizerThatIsNotOfPyTorchsStyle()
    {
        Parameter[] parameters = Weights();
        using Adamax optimizer = new(
            [new ParameterGroup(parameters[..1]), new ParameterGroup(parameters[1..])],
            new AdamaxOptions { Dialect = Dialect.PyTorch, LearningRate = 0.01, WeightDecay = 0.01 });
        PyTorchState.Load(optimizer, PyTorchFile.ReadStateDict(Saved.Path(Saved.Optimizer)));
        AssertGoesOn(optimizer);
    }

    /// <summary>To every later checkpoint of PyTorch's own run.</summary>
    private static void AssertGoesOn(Optimizer optimizer)
    {
        Assert.Equal([11, 20], Golden.Checkpoints.Select(c => c.Step).Where(s => s > 10));
        Assert.Equal(10, optimizer.StepCount);
        foreach (GoldenCheckpoint checkpoint in Golden.Checkpoints.Where(c => c.Step > 10))
        {
            while (optimizer.StepCount < checkpoint.Step)
            {
                for (int k = 0; k < optimizer.Parameters.Count; k++)
                    optimizer.Parameters[k].SetGradient(Golden.Gradient(k, (int)optimizer.StepCount + 1)!);
                optimizer.Step();
            }

            for (int k = 0; k < optimizer.Parameters.Count; k++)
            {
                ParameterState state = optimizer.State(optimizer.Parameters[k]);
                double deviation = checkpoint.ParameterDeviation!.Value.MaxAbsolute;
                AssertNear(checkpoint.Parameters[k], optimizer.Parameters[k].Weights, deviation);
                AssertNear(checkpoint.State[StateStream.FirstMoment][k], state.FirstMoment,
                    checkpoint.StateDeviation[StateStream.FirstMoment].MaxAbsolute);
                AssertNear(checkpoint.State[StateStream.SecondMoment][k], state.SecondMoment,
                    checkpoint.StateDeviation[StateStream.SecondMoment].MaxAbsolute);
            }
        }
    }

    /// <summary>Both are rounded, and ours begins with PyTorch's roundings of ten steps.</summary>
    private static void AssertNear(PackedTensor theirs, ReadOnlySpan<float> ours, double deviation)
    {
        Assert.Equal(theirs.Count, ours.Length);
        for (int i = 0; i < theirs.Values.Length; i++)
            Assert.Equal(theirs.Values[i], ours[theirs.Indices[i]],
                (2.2 * deviation) + (2 * Bits.Ulp(theirs.Values[i])));
    }

    private static Parameter[] Weights() =>
        [.. PyTorchFile.ReadTensors(Saved.Path(Saved.Weights)).Select(w =>
            Parameter.Create(w.Value.Values<float>(), w.Key))];
}
