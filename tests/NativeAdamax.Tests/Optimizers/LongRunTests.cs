using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>
/// 20,000 steps against the float64 twin. The form beta*v + (1-beta)*g*g, with both factors rounded to float32, carries
/// a bias of 1.3e-5 in v for ever; the incremental form carries none.
/// </summary>
public sealed class LongRunTests
{
    private const int Steps = 20_000, Length = 64;

    [Theory]
    [InlineData("Keras Adam")]
    [InlineData("Torch Adam")]
    [InlineData("Optax AMSGrad")]
    [InlineData("Keras Nadam")]
    public void TheSecondMomentHasNoBias(string name)
    {
        (ReferenceTensor exact, float[] weights, float[] second) = Run(name);
        double bias = MeanRelativeError(exact.V, second);
        Assert.True(Math.Abs(bias) < 1e-6, $"{name}: mean relative error of v {bias:g3}");

        // The yardstick itself: it would have seen the other form.
        (float[] otherWeights, float[] otherSecond) = RunWithRoundedFactors(exact.Settings);
        Assert.InRange(MeanRelativeError(exact.V, otherSecond), 1.2e-5, 1.4e-5);
        if (name == "Torch Adam")
        {
            // All drift the same way: rounding of the weights themselves averages out, a bias of v does not.
            double ours = MeanError(exact.W, weights), others = MeanError(exact.W, otherWeights);
            Assert.True(Math.Abs(ours) < Math.Abs(others) / 5,
                $"weights {ours:g3} from the exact ones, {others:g3} with rounded factors");
        }
    }

    [Theory]
    [InlineData("Keras Adamax")]
    [InlineData("Torch Adamax")]
    public void TheInfinityNormHasNoBias(string name)
    {
        (ReferenceTensor exact, _, float[] norm) = Run(name);
        double bias = MeanRelativeError(exact.V, norm);
        Assert.True(Math.Abs(bias) < 1e-6, $"{name}: mean relative error of u {bias:g3}");
    }

    [Theory]
    [InlineData(Dialect.Keras, 0.99)]
    [InlineData(Dialect.TfKeras, 0.999)]
    [InlineData(Dialect.MXNet, 0.9)]
    [InlineData(Dialect.Optax, 0.9999)]
    [InlineData(Dialect.PyTorch, 0.97)]
    public void TheAverageOfConstantWeightsIsTheWeights(Dialect dialect, double momentum)
    {
        using Parameter parameter = Parameter.Create(Training.Numbers(3, Length));
        float[] constant = parameter.Weights.ToArray();
        AdamaxOptions options =
            new() { Dialect = dialect, LearningRate = 0.01, Ema = new EmaOptions { Momentum = momentum } };
        using Adamax optimizer = new([parameter], options);
        for (int step = 0; step < Steps; step++)
            optimizer.Step();
        Bits.AssertEqual(constant, parameter.Weights, "weights without gradients");
        Bits.AssertEqual(constant, optimizer.Ema!.Average(parameter), "their average");
    }

    /// <summary>Noise with a drift, so that the weights go somewhere.</summary>
    private static float[] Gradient(int step)
    {
        float[] g = Training.Numbers((uint)(10_000 + step), Length);
        for (int i = 0; i < g.Length; i++)
            g[i] += 0.25f;
        return g;
    }

    private static (ReferenceTensor Exact, float[] Weights, float[] Second) Run(string name)
    {
        ReferenceSettings settings = OptimizerCases.Of(name);
        float[] initial = Training.Numbers(2, Length);
        ReferenceTensor exact = ReferenceTensor.Create(settings, initial);
        using Parameter parameter = Parameter.Create(initial);
        using Optimizer optimizer = OptimizerFactory.Create([parameter], settings);
        for (int step = 1; step <= Steps; step++)
        {
            float[] g = Gradient(step);
            parameter.CopyGradient(g);
            optimizer.Step();
            exact.Step(g);
        }

        return (exact, parameter.Weights.ToArray(), optimizer.State(parameter).SecondMoment.ToArray());
    }

    private static (float[] Weights, float[] Second) RunWithRoundedFactors(ReferenceSettings settings)
    {
        float beta1 = (float)settings.Beta1, beta2 = (float)settings.Beta2;
        float rest1 = (float)(1 - settings.Beta1), rest2 = (float)(1 - settings.Beta2);
        float[] w = Training.Numbers(2, Length), m = new float[Length], v = new float[Length];
        for (int step = 1; step <= Steps; step++)
        {
            float root = (float)Math.Sqrt(1 - Math.Pow(settings.Beta2, step));
            float rate = (float)(settings.LearningRate / (1 - Math.Pow(settings.Beta1, step)));
            float[] g = Gradient(step);
            for (int i = 0; i < Length; i++)
            {
                m[i] = beta1 * m[i] + rest1 * g[i];
                v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
                w[i] -= rate * m[i] / (MathF.Sqrt(v[i]) / root + (float)settings.Epsilon);
            }
        }

        return (w, v);
    }

    private static double MeanRelativeError(double[] exact, float[] ours) =>
        exact.Zip(ours).Average(pair => (pair.Second - pair.First) / pair.First);

    private static double MeanError(double[] exact, float[] ours) =>
        exact.Zip(ours).Average(pair => pair.Second - pair.First);
}
