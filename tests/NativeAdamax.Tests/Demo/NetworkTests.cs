using NativeAdamax.Demo.Digits;
using NativeAdamax.Demo.Numerics;

namespace NativeAdamax.Tests.Demo;

public class NetworkTests
{
    private static readonly int[] Sizes = [5, 7, 6, 4];
    private static readonly int[] Labels = [3, 0, 2];

    [Fact]
    public void Gradients_are_the_slopes_of_the_loss()
    {
        var random = new Xoshiro256(7);
        using var network = new Network(Sizes, Labels.Length, random);
        foreach (Parameter parameter in network.Parameters)
        {
            foreach (ref float w in parameter.Weights)
                w += (float)random.NextDouble(-0.2, 0.2);
        }

        float[] images = new float[Labels.Length * Sizes[0]];
        foreach (ref float pixel in images.AsSpan())
            pixel = (float)random.NextDouble(-1, 1);
        double[][] weights = [.. network.Parameters.Select(p => Array.ConvertAll(p.Weights.ToArray(), w => (double)w))];

        BatchScore score = network.Differentiate(images, Labels);

        Assert.Equal(MeanLoss(weights, images), score.LossSum / Labels.Length, 1e-6);
        for (int tensor = 0; tensor < weights.Length; tensor++)
        {
            for (int i = 0; i < weights[tensor].Length; i++)
            {
                double slope = Slope(weights, tensor, i, images);
                Assert.Equal(slope, network.Parameters[tensor].Gradient[i], 1e-6);
            }
        }
    }

    [Fact]
    public void A_gradient_does_not_add_to_the_one_before()
    {
        using var network = new Network(Sizes, Labels.Length, new Xoshiro256(7));
        float[] images = [.. Enumerable.Range(0, Labels.Length * Sizes[0]).Select(i => i / 15f)];
        network.Differentiate(images, Labels);
        float[][] first = [.. network.Parameters.Select(parameter => parameter.Gradient.ToArray())];

        network.Differentiate(images, Labels);

        Assert.Equal(first, network.Parameters.Select(parameter => parameter.Gradient.ToArray()));
        Assert.Contains(first, gradient => gradient.Any(g => g != 0));
    }

    [Fact]
    public void Evaluation_counts_what_the_largest_logit_gets_right()
    {
        using var network = new Network([ImageSet.PixelCount, ImageSet.ClassCount], 3, new Xoshiro256(1));
        network.Parameters[0].Weights.Clear();
        network.Parameters[1].Weights[4] = 1;
        int[] labels = [4, 1, 4, 4, 0, 9, 2];
        var set = new ImageSet(new float[labels.Length * ImageSet.PixelCount], labels);

        (double loss, double accuracy) = network.Evaluate(set);

        Assert.Equal(3.0 / 7, accuracy);
        Assert.Equal(Math.Log(Math.E + 9) - (3.0 / 7), loss, 1e-12);
    }

    private static double Slope(double[][] weights, int tensor, int index, float[] images)
    {
        const double H = 1e-6;
        double old = weights[tensor][index];
        weights[tensor][index] = old + H;
        double above = MeanLoss(weights, images);
        weights[tensor][index] = old - H;
        double below = MeanLoss(weights, images);
        weights[tensor][index] = old;
        return (above - below) / (2 * H);
    }

    private static double MeanLoss(double[][] weights, float[] images)
    {
        double sum = 0;
        for (int row = 0; row < Labels.Length; row++)
        {
            double[] x = Array.ConvertAll(images[(row * Sizes[0])..((row + 1) * Sizes[0])], pixel => (double)pixel);
            for (int layer = 0; layer < Sizes.Length - 1; layer++)
            {
                int outputs = Sizes[layer + 1];
                double[] y = [.. weights[(2 * layer) + 1]];
                for (int j = 0; j < outputs; j++)
                {
                    y[j] += x.Select((value, i) => value * weights[2 * layer][(i * outputs) + j]).Sum();
                    y[j] = layer < Sizes.Length - 2 ? Math.Max(y[j], 0) : y[j];
                }

                x = y;
            }

            sum += Math.Log(x.Sum(Math.Exp)) - x[Labels[row]];
        }

        return sum / Labels.Length;
    }
}
