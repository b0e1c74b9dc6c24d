using NativeAdamax.Backends;
using NativeAdamax.Dialects;
using NativeAdamax.Engine;

namespace NativeAdamax;

/// <summary>The groups of an optimizer, and all that is laid out for them once.</summary>
internal sealed class Composition : IDisposable
{
    private readonly KernelBackend _backend;

    /// <param name="backend">The kernels.</param>
    /// <param name="options">Of the optimizer, resolved.</param>
    /// <param name="groups">At least one.</param>
    /// <param name="own">The options of each group as they were given.</param>
    /// <param name="before">What the first groups were before, whose states go on; null: nothing.</param>
    public Composition(
        KernelBackend backend,
        OptimizerOptions options,
        ParameterGroup[] groups,
        OptimizerOptions?[] own,
        Composition? before = null)
    {
        _backend = backend;
        Groups = groups;
        Parameters = [.. groups.SelectMany(g => g.Parameters)];
        Slots = [.. Parameters.Select(p => p.Slot)];
        Length = (long)UInt128.Min((UInt128)long.MaxValue, Slots.Aggregate(UInt128.Zero, (sum, s) => sum + s.Count));
        Own = own;
        Resolved = [.. own.Select(options.OfGroup)];
        Rates = new GroupRates(Resolved, own);
        Index = new ParameterIndex(Parameters, ZeroesGradients);
        int known = before?.Parameters.Length ?? 0;
        bool[] decays = [.. Parameters.Skip(known).Select(p => options.DecayMask?.Invoke(p) ?? true)];
        Engine = new UpdateEngine(
            backend,
            options.Algorithm == Algorithm.Adamax ? KernelOp.Adamax : KernelOp.Adam,
            [.. Resolved.Select(o => o.ToRecipe())],
            Slots,
            [.. groups.SelectMany((g, i) => g.Parameters.Select(_ => i))],
            options.ToSettings());
        for (int i = 0; i < decays.Length; i++)
            Engine.Traits(known + i) = TensorTraits.Plain with { DecayFactor = decays[i] ? 1 : 0 };
        if (before is not null)
            Engine.GoOnFrom(before.Engine);
    }

    public ParameterGroup[] Groups { get; }

    public Parameter[] Parameters { get; }

    public TensorSlot[] Slots { get; }

    /// <summary>Elements of all parameters; no more than a long holds.</summary>
    public long Length { get; }

    /// <summary>The options of each group as they were given.</summary>
    public OptimizerOptions?[] Own { get; private set; }

    /// <summary>The options of each group with every null replaced.</summary>
    public OptimizerOptions[] Resolved { get; private set; }

    public GroupRates Rates { get; private set; }

    public ParameterIndex Index { get; }

    public UpdateEngine Engine { get; }

    public bool ZeroesGradients => Resolved.Any(o => o.ZeroGradients == true);

    /// <summary>The same with one more group, all states as they are here.</summary>
    public Composition With(OptimizerOptions options, ParameterGroup group) =>
        new(_backend, options, [.. Groups, group], [.. Own, group.Options], this);

    /// <summary>Goes on with other numbers.</summary>
    /// <exception cref="ArgumentException">They would change what is laid out.</exception>
    public void Change(OptimizerOptions options, OptimizerOptions?[] own)
    {
        OptimizerOptions[] resolved = [.. own.Select(options.OfGroup)];
        for (int i = 0; i < resolved.Length; i++)
            resolved[i].RefuseOtherLayout(Resolved[i]);
        Engine.Change([.. resolved.Select(o => o.ToRecipe())], options.ToSettings());
        Rates = new GroupRates(resolved, own);
        (Own, Resolved) = (own, resolved);
    }

    public void Dispose() => Engine.Dispose();
}
