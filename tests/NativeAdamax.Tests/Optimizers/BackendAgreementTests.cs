namespace NativeAdamax.Tests.Optimizers;

/// <summary>Whole training runs give the same bits whatever does the arithmetic.</summary>
public sealed class BackendAgreementTests
{
    private const int Steps = 150;

    public static TheoryData<string> Cases => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void ATrainingRunEndsOnTheSameBitsOnEveryBackend(string name)
    {
        float[][] managed = Run(name, new BackendSelection(BackendKind.Managed));
        Assert.All(managed.SelectMany(w => w), w => Assert.True(float.IsFinite(w)));
        foreach (BackendSelection backend in Backend.Available)
        {
            float[][] weights = Run(name, backend);
            for (int k = 0; k < weights.Length; k++)
                Bits.AssertEqual(managed[k], weights[k], $"{name} on {backend}, tensor {k}");
        }
    }

    [Fact]
    public void AShorterRunEndsElsewhere()
    {
        // The comparison above would be empty if the weights no longer moved.
        float[][] all = Run("Keras Adamax", new BackendSelection(BackendKind.Managed));
        float[][] fewer = Training.Run(OptimizerCases.Of("Keras Adamax"), new(), Steps - 1);
        Assert.All(all.Zip(fewer), pair => Assert.False(Bits.AreEqual(pair.First, pair.Second)));
    }

    private static float[][] Run(string name, BackendSelection backend) =>
        Training.Run(OptimizerCases.Of(name), new OptimizerFactory.Shared { Backend = backend }, Steps);
}
