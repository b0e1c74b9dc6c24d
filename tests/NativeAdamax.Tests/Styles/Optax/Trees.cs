using NativeAdamax.Styles.Optax;
using NativeAdamax.Tests.Optimizers;

namespace NativeAdamax.Tests.Styles.Optax;

/// <summary>Trees of generated numbers, and the object's optimizer beside them.</summary>
internal static class Trees
{
    private static readonly int[] Lengths = [7, 1, 0, 131];

    public static Tree Parameters { get; } =
        Tree.Named([.. Lengths.Select((n, k) => ($"leaf{k}", (float[]?)Training.Numbers((uint)k + 10, n)))]);

    public static Tree Gradients(int step) =>
        Parameters.Like(k => Training.Numbers((uint)(1000 * step + k), Lengths[k]));

    public static void AssertSameBits(Tree expected, Tree actual, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int k = 0; k < expected.Count; k++)
        {
            Assert.Equal(expected[k] is null, actual[k] is null);
            Bits.AssertEqual(expected[k], actual[k], $"{what}, leaf {k}");
        }
    }

    /// <summary>Parameters after some updates, and the last state.</summary>
    public static (Tree Parameters, TransformState State) Train(
        GradientTransformation transformation, int steps, Func<int, Tree>? gradients = null)
    {
        Tree parameters = Parameters;
        TransformState state = transformation.Init(parameters);
        for (int step = 1; step <= steps; step++)
        {
            (Tree updates, state) = transformation.Update((gradients ?? Gradients)(step), state, parameters);
            parameters = Transforms.ApplyUpdates(parameters, updates);
        }

        return (parameters, state);
    }

    /// <summary>The same with the optimizer object.</summary>
    public static Tree Train(OptimizerOptions options, int steps, Func<int, Tree>? gradients = null)
    {
        Parameter[] parameters =
            [.. Enumerable.Range(0, Parameters.Count).Select(k => Parameter.Create(Parameters[k], Parameters.Names[k]))];
        using Optimizer optimizer = OptimizerFactory.Create(parameters, options);
        for (int step = 1; step <= steps; step++)
        {
            Tree now = (gradients ?? Gradients)(step);
            for (int k = 0; k < parameters.Length; k++)
                parameters[k].CopyGradient(now[k]);
            optimizer.Step();
        }

        return Parameters.Like(k => parameters[k].Weights.ToArray());
    }
}
