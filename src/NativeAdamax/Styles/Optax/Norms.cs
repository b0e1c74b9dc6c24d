using NativeAdamax.Backends;
using NativeAdamax.Engine;
using NativeAdamax.Interop;

namespace NativeAdamax.Styles.Optax;

/// <summary>What is read off a whole tree.</summary>
internal static unsafe class Norms
{
    public static double SumOfSquares(Tree tree)
    {
        using Pins pins = new();
        using CallerPass pass = new(BackendChooser.Default, Environment.ProcessorCount);
        pass.Begin(tree.Count);
        for (int i = 0; i < tree.Count; i++)
        {
            if (tree[i] is { } leaf)
                pass.Add(new NaTensor { g = pins.Of(leaf), count = (ulong)leaf.Length });
        }

        return pass.SumOfSquares();
    }

    /// <summary>The sum of squares is finite if, and only if, every element is.</summary>
    public static bool AllFinite(Tree tree) => double.IsFinite(SumOfSquares(tree));
}
