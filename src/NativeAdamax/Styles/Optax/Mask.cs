namespace NativeAdamax.Styles.Optax;

/// <summary>Which leaves of a tree a transformation works on.</summary>
public sealed class Mask
{
    private readonly Func<Tree, bool[]> _of;

    private Mask(Func<Tree, bool[]> of) => _of = of;

    /// <summary>One answer a leaf.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="leaves"/> is null.</exception>
    public static Mask Leaves(params bool[] leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        return new(_ => leaves);
    }

    /// <summary>By the leaves' names.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="includes"/> is null.</exception>
    public static Mask Where(Func<string, bool> includes)
    {
        ArgumentNullException.ThrowIfNull(includes);
        return new(tree => [.. tree.Names.Select(includes)]);
    }

    /// <summary>As a function of the tree: of the parameters at Init, of the updates at Update.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="mask"/> is null.</exception>
    public static Mask From(Func<Tree, bool[]> mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new(mask);
    }

    /// <exception cref="ArgumentException">The mask has another number of leaves.</exception>
    internal bool[] Of(Tree tree)
    {
        bool[] leaves = _of(tree);
        return leaves.Length == tree.Count
            ? leaves
            : throw new ArgumentException(
                $"The mask has {leaves.Length} leaves instead of {tree.Count}.", nameof(tree));
    }
}
