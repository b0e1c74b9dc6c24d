using System.Numerics.Tensors;

namespace NativeAdamax.Styles.Optax;

/// <summary>
/// Arrays in a fixed order, with names: parameters, gradients, updates and moments. What optax calls a pytree, as its
/// list of leaves. A null leaf is one that is not there, None in optax.
/// </summary>
/// <remarks>The functions of this namespace never write to a tree that they were given.</remarks>
public sealed class Tree
{
    private readonly float[]?[] _leaves;
    private readonly string[] _names;

    /// <summary>Leaves named by their numbers.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="leaves"/> is null.</exception>
    public Tree(params float[]?[] leaves)
        : this(leaves, null)
    {
    }

    private Tree(float[]?[] leaves, string[]? names)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        _leaves = leaves;
        _names = names ?? [.. Enumerable.Range(0, leaves.Length).Select(i => i.ToString())];
    }

    /// <summary>Leaves with names of their own, such as paths.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="leaves"/> is null.</exception>
    /// <exception cref="ArgumentException">A name stands there twice.</exception>
    public static Tree Named(params (string Name, float[]? Leaf)[] leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        string? twice = leaves.GroupBy(l => l.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null
            ? new Tree([.. leaves.Select(l => l.Leaf)], [.. leaves.Select(l => l.Name)])
            : throw new ArgumentException($"There are two leaves of the name {twice}.", nameof(leaves));
    }

    /// <summary>A tree of one leaf.</summary>
    public static implicit operator Tree(float[] leaf) => new(leaf);

    /// <summary>Number of leaves, those that are not there too.</summary>
    public int Count => _leaves.Length;

    /// <summary>The leaves' names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>A leaf; null if it is not there.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such number.</exception>
    public float[]? this[int leaf] => _leaves[leaf];

    /// <summary>A leaf by its name.</summary>
    /// <exception cref="ArgumentException">There is no leaf of this name.</exception>
    public float[]? this[string name] => Array.IndexOf(_names, name) is >= 0 and int leaf
        ? _leaves[leaf]
        : throw new ArgumentException($"There is no leaf {name}; there are {string.Join(", ", _names)}.", nameof(name));

    /// <summary>The tree of what a function makes of each leaf that is there.</summary>
    public Tree Map(Func<float[], float[]> function) => Like(leaf => _leaves[leaf] is { } a ? function(a) : null);

    internal Tree Zeros() => Map(leaf => new float[leaf.Length]);

    internal Tree Copy() => Map(leaf => (float[])leaf.Clone());

    /// <summary>New memory of the same lengths, to be written.</summary>
    internal Tree Blank() => Map(leaf => GC.AllocateUninitializedArray<float>(leaf.Length));

    internal Tree Times(double factor) => Map(leaf =>
    {
        float[] product = GC.AllocateUninitializedArray<float>(leaf.Length);
        TensorPrimitives.Multiply(leaf, (float)factor, product);
        return product;
    });

    /// <summary>Leaf by leaf, with the same names.</summary>
    internal Tree Like(Func<int, float[]?> leafAt)
    {
        float[]?[] leaves = new float[]?[Count];
        for (int i = 0; i < leaves.Length; i++)
            leaves[i] = leafAt(i);
        return new Tree(leaves, _names);
    }

    /// <summary>Refuses a tree of another shape.</summary>
    /// <param name="other">Must have as many leaves, as long as these and missing where these are.</param>
    /// <param name="name">Of the argument that is refused.</param>
    /// <param name="mayMiss">A leaf of the other tree may be missing all the same.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    internal void RequireShape(Tree other, string name, bool mayMiss = false)
    {
        if (other.Count != Count)
            throw new ArgumentException($"{name} has {other.Count} leaves instead of {Count}.", name);
        for (int i = 0; i < Count; i++)
        {
            if (other[i] is null && mayMiss)
                continue;
            if (other[i]?.Length != _leaves[i]?.Length)
            {
                throw new ArgumentException(
                    $"Leaf {_names[i]} of {name} has {Length(other[i])} elements instead of {Length(_leaves[i])}.",
                    name);
            }
        }

        static string Length(float[]? leaf) => leaf is null ? "no" : leaf.Length.ToString();
    }
}
