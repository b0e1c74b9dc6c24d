using System.Collections.Immutable;

namespace NativeAdamax.Styles.Optax;

/// <summary>
/// Transformations one after the other, from left to right. The usual orders run as one fused pass over memory; all
/// others link by link, each link a pass of its own.
/// </summary>
/// <remarks>
/// Fused is what reads: at most one clip by global norm, at most one clip by value, decay or none, Adam or one of its
/// kind, decay or none (not both), and then factors and learning rates. Chains within chains count as their links.
/// Moments and counts are the same bits either way; updates differ by the roundings of the factors that were folded
/// into one.
/// </remarks>
public sealed class Chain : GradientTransformation
{
    private readonly FusedPlan? _plan;

    /// <summary>A chain.</summary>
    /// <param name="links">In the order in which they work; none null.</param>
    /// <exception cref="ArgumentException">A link is null.</exception>
    public Chain(params GradientTransformation[] links)
        : this(links, fuses: true)
    {
    }

    internal Chain(GradientTransformation[] links, bool fuses)
    {
        ArgumentNullException.ThrowIfNull(links);
        if (links.Contains(null!))
            throw new ArgumentException("A link is null.", nameof(links));
        Links = [.. links];
        _plan = fuses ? FusedPlan.TryCreate([.. Flat(this)]) : null;
    }

    /// <summary>In the order in which they work.</summary>
    public ImmutableArray<GradientTransformation> Links { get; }

    /// <summary>Whether an update is one pass over memory.</summary>
    public bool IsFused => _plan is not null;

    /// <inheritdoc/>
    public override TransformState Init(Tree parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new ChainState([.. Links.Select(link => link.Init(parameters))]);
    }

    /// <inheritdoc/>
    public override (Tree Updates, TransformState State) Update(
        Tree updates, TransformState state, Tree? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        ImmutableArray<TransformState> states = StatesOf(state);
        if (_plan is not null)
        {
            List<TransformState> flat = [];
            Flatten(states, flat);
            Tree changes = _plan.Run(updates, flat, parameters);
            Queue<TransformState> next = new(flat);
            return (changes, Gather(next));
        }

        TransformState[] after = new TransformState[Links.Length];
        for (int i = 0; i < after.Length; i++)
            (updates, after[i]) = Links[i].Update(updates, states[i], parameters);
        return (updates, new ChainState([.. after]));
    }

    private static IEnumerable<GradientTransformation> Flat(Chain chain) =>
        chain.Links.SelectMany(link => link is Chain inner ? Flat(inner) : [link]);

    private ImmutableArray<TransformState> StatesOf(TransformState state)
    {
        ImmutableArray<TransformState> states = Expect<ChainState>(state).States;
        int count = states.IsDefault ? 0 : states.Length;
        return count == Links.Length
            ? states
            : throw new ArgumentException($"There are {count} states for {Links.Length} links.", nameof(state));
    }

    private void Flatten(ImmutableArray<TransformState> states, List<TransformState> flat)
    {
        for (int i = 0; i < Links.Length; i++)
        {
            if (Links[i] is Chain inner)
                inner.Flatten(inner.StatesOf(states[i]), flat);
            else
                flat.Add(states[i]);
        }
    }

    private ChainState Gather(Queue<TransformState> flat) =>
        new([.. Links.Select(link => link is Chain inner ? inner.Gather(flat) : flat.Dequeue())]);
}
