using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Engine;

/// <summary>Lists of very many tensors: what takes a time that grows with their square would not end here.</summary>
[Trait("Category", "Once")]
public sealed class ManyTensorTests
{
    private const int Tensors = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AHundredThousandTensorsStepLikeOne(int threads)
    {
        float[] weights = Training.Numbers(1, 6 * Tensors), gradient = Training.Numbers(2, 6 * Tensors);
        using Parameter one = Parameter.Create(weights);
        Parameter[] many =
            [.. Enumerable.Range(0, Tensors).Select(k => Parameter.Over(weights.AsMemory(6 * k, 6), gradient.AsMemory(6 * k, 6)))];
        AdamOptions options = new()
        {
            MaxDegreeOfParallelism = threads,
            Ema = new EmaOptions(),
            GlobalClipNorm = 1e6,
        };
        using Adam whole = new([one], options), list = new(many, options);
        for (int step = 0; step < 3; step++)
        {
            whole.Step(gradient);
            Assert.Equal(Tensors, list.Step().TensorsUpdated);
        }

        Bits.AssertEqual(one.Weights, weights, "weights");
        foreach (Parameter parameter in many)
            parameter.Dispose();
    }

    [Fact]
    public void AHundredThousandGroupsWithARateOfTheirOwn()
    {
        Parameter[] many = [.. Enumerable.Range(0, Tensors).Select(_ => Parameter.Create([1f]))];
        ParameterGroup[] groups =
            [.. many.Select((p, k) => new ParameterGroup([p], new AdamaxOptions { LearningRate = k % 2 == 0 ? 0.5 : 0.25 }))];
        using Adamax optimizer = new(groups, new AdamaxOptions { Epsilon = 0 });
        foreach (Parameter parameter in many)
            parameter.Gradient.Fill(1);
        optimizer.Step();
        Assert.Equal((0.5f, 0.75f), (many[99_998].Weights[0], many[99_999].Weights[0]));
        foreach (Parameter parameter in many)
            parameter.Dispose();
    }

    [Fact]
    public void AListOfNothingButEmptyTensorsCountsItsSteps()
    {
        using Parameter empty = Parameter.Create(0), other = Parameter.Create(0);
        using Adam optimizer = new([empty, other], new AdamOptions { GlobalClipNorm = 1, Ema = new EmaOptions() });
        StepReport report = optimizer.Step();
        Assert.Equal((1L, 2, 0.0), (report.Step, report.TensorsUpdated, report.GradientNorm));
    }
}
