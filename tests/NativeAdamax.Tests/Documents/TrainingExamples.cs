namespace NativeAdamax.Tests.Documents;

/// <summary>The code of docs/training.md.</summary>
public sealed class TrainingExamples
{
    [Fact]
    public void NumbersThatChange()
    {
        using Parameter one = Parameter.Create([1f]), other = Parameter.Create([2f]);
        ParameterGroup group = new([other]);
        using Adam optimizer = new([new ParameterGroup([one]), group]);

        optimizer.SetOptions((AdamOptions)optimizer.Options with { WeightDecay = 0.1, ClipValue = 1 });
        optimizer.SetOptions(group, new AdamOptions { Beta1 = 0.8 });    // of one group: a null inherits

        Assert.Equal((0.1, 0.8), (optimizer.Options.WeightDecay, optimizer.OptionsOf(group).Beta1));
    }

    [Fact]
    public void GradientsAsTheyCome()
    {
        Layer[] layers = [new(1), new(2)];
        using Adamax optimizer = new([.. layers.Select(layer => layer.Weights)]);

        using OpenStep step = optimizer.StepAsTheyCome();
        foreach (Layer layer in layers.Reverse())
        {
            layer.Backward();
            step.Update(layer.Weights);
        }

        StepReport report = step.Complete();

        Assert.Equal(2, report.TensorsUpdated);
    }

    private sealed class Layer(float weight)
    {
        public Parameter Weights { get; } = Parameter.Create([weight]);

        public void Backward() => Weights.Gradient[0] = 1;
    }
}
