namespace NativeAdamax.Tests.Steps;

/// <summary>Optimizers whose updates are so simple that tables can be followed by hand.</summary>
internal static class Plain
{
    /// <summary>
    /// With beta1 = 0 and epsilon = 0 a gradient that stays the same moves a weight by the learning rate in its
    /// direction: gradient descent with gradients of 1.
    /// </summary>
    public static AdamaxOptions Descent(Dialect dialect, double rate = 1) =>
        new() { Dialect = dialect, LearningRate = rate, Beta1 = 0, Epsilon = 0 };

    public static Parameter Parameter(params float[] weights)
    {
        Parameter parameter = NativeAdamax.Parameter.Create(weights);
        parameter.Gradient.Fill(1);
        return parameter;
    }

    /// <summary>The weights after a call with this gradient.</summary>
    public static StepReport Step(Optimizer optimizer, Parameter parameter, params float[] gradient)
    {
        parameter.CopyGradient(gradient);
        return optimizer.Step();
    }
}
