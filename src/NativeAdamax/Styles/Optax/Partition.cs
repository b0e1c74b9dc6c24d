using System.Collections.Immutable;

namespace NativeAdamax.Styles.Optax;

/// <summary>A transformation for every label, of the leaves that have it.</summary>
internal sealed class Partition : GradientTransformation
{
    private readonly ImmutableSortedDictionary<string, GradientTransformation> _transforms;
    private readonly Func<string, string> _labelOf;

    public Partition(IReadOnlyDictionary<string, GradientTransformation> transforms, Func<string, string> labelOf)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        ArgumentNullException.ThrowIfNull(labelOf);
        _transforms = transforms.ToImmutableSortedDictionary(StringComparer.Ordinal);
        _labelOf = labelOf;
        if (_transforms.FirstOrDefault(t => t.Value is null).Key is { } missing)
            throw new ArgumentException($"The transformation of label {missing} is null.", nameof(transforms));
    }

    public override TransformState Init(Tree parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        string[] labels = Labels(parameters);
        return new PartitionState(_transforms.ToImmutableSortedDictionary(
            t => t.Key, t => t.Value.Init(Of(t.Key, labels, parameters)), StringComparer.Ordinal));
    }

    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        PartitionState old = Expect<PartitionState>(state);
        string[] labels = Labels(updates);
        Tree changed = updates;
        ImmutableSortedDictionary<string, TransformState> states = old.InnerStates;
        foreach ((string label, GradientTransformation transform) in _transforms)
        {
            if (!states.TryGetValue(label, out TransformState? inner))
                throw new ArgumentException($"The state has none for label {label}.", nameof(state));
            (Tree part, TransformState next) = transform.Update(
                Of(label, labels, updates), inner, parameters is null ? null : Of(label, labels, parameters));
            Tree before = changed;
            changed = updates.Like(i => labels[i] == label ? part[i] : before[i]);
            states = states.SetItem(label, next);
        }

        return (changed, new PartitionState(states));
    }

    private static Tree Of(string label, string[] labels, Tree tree) =>
        tree.Like(i => labels[i] == label ? tree[i] : null);

    private string[] Labels(Tree tree)
    {
        string[] labels = [.. tree.Names.Select(_labelOf)];
        for (int i = 0; i < labels.Length; i++)
        {
            if (!_transforms.ContainsKey(labels[i]))
            {
                throw new ArgumentException(
                    $"Leaf {tree.Names[i]} has the label {labels[i]}; there are {string.Join(", ", _transforms.Keys)}.",
                    nameof(tree));
            }
        }

        return labels;
    }
}
