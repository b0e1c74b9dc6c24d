using NativeAdamax.Tests.Reference;

namespace NativeAdamax.Tests.Optimizers;

/// <summary>
/// A whole training run whose gradients depend on the weights, so that a bit that differs once differs for ever: a
/// small network of two layers on generated data. Gradients are computed in plain scalar code, the same for every
/// backend.
/// </summary>
internal sealed class Training
{
    private const int Inputs = 5, Hidden = 13, Samples = 16;

    private readonly float[] _x = Numbers(1, Samples * Inputs);
    private readonly float[] _y = Numbers(2, Samples);

    /// <summary>The weights after some steps, tensor by tensor.</summary>
    public static float[][] Run(ReferenceSettings settings, OptimizerFactory.Shared shared, int steps)
    {
        Training training = new();
        Parameter[] parameters = [Weights(3, Inputs * Hidden), Weights(4, Hidden), Weights(5, Hidden), Weights(6, 1)];
        try
        {
            using Optimizer optimizer = OptimizerFactory.Create(parameters, settings, shared);
            for (int step = 0; step < steps; step++)
            {
                training.FillGradients(parameters);
                optimizer.Step();
            }

            return [.. parameters.Select(p => p.Weights.ToArray())];
        }
        finally
        {
            foreach (Parameter parameter in parameters)
                parameter.Dispose();
        }
    }

    /// <summary>Values from -1 to 1 of a fixed sequence.</summary>
    public static float[] Numbers(uint seed, int count) =>
        new Goldens.LcgGenerator(seed * 7919, 0, [0], 0).Initial(0, count);

    private static Parameter Weights(uint seed, int count) => Parameter.Create(Numbers(seed, count));

    private void FillGradients(Parameter[] parameters)
    {
        Span<float> w1 = parameters[0].Weights, gw1 = parameters[0].Gradient;
        Span<float> b1 = parameters[1].Weights, gb1 = parameters[1].Gradient;
        Span<float> w2 = parameters[2].Weights, gw2 = parameters[2].Gradient;
        Span<float> b2 = parameters[3].Weights, gb2 = parameters[3].Gradient;
        foreach (Parameter parameter in parameters)
            parameter.Gradient.Clear();
        Span<float> active = stackalloc float[Hidden];
        for (int s = 0; s < Samples; s++)
        {
            float output = b2[0];
            for (int h = 0; h < Hidden; h++)
            {
                float sum = b1[h];
                for (int i = 0; i < Inputs; i++)
                    sum += w1[h * Inputs + i] * _x[s * Inputs + i];
                active[h] = sum > 0 ? sum : 0.01f * sum;
                output += w2[h] * active[h];
            }

            float error = (output - _y[s]) / Samples;
            gb2[0] += error;
            for (int h = 0; h < Hidden; h++)
            {
                gw2[h] += error * active[h];
                float slope = active[h] > 0 ? error * w2[h] : 0.01f * error * w2[h];
                gb1[h] += slope;
                for (int i = 0; i < Inputs; i++)
                    gw1[h * Inputs + i] += slope * _x[s * Inputs + i];
            }
        }
    }
}
