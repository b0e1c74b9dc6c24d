namespace NativeAdamax.Checkpoints;

/// <summary>What is taken from a checkpoint, and how strictly.</summary>
public sealed record LoadOptions
{
    /// <summary>
    /// Whether anything that is missing, too much or of another shape or kind is refused, before anything is changed.
    /// False: what fits by name and shape is loaded, and the report says what did not. Default true.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>Whether weights are taken. Default true.</summary>
    public bool Weights { get; init; } = true;

    /// <summary>
    /// Whether counts, options, factors, the loss scale and what schedules remember are restored beside the tensors.
    /// Default true.
    /// </summary>
    public bool Run { get; init; } = true;

    /// <summary>Which tensors are taken, by name: the others are neither missing nor too much. Null: all.</summary>
    public Func<string, bool>? Filter { get; init; }

    /// <summary>
    /// The shape of a parameter, which a tensor must have exactly; null, or an answer of null: any of as many elements.
    /// </summary>
    public Func<Parameter, IReadOnlyList<long>?>? ShapeOf { get; init; }

    /// <summary>Whether the checksums are looked at. Default true.</summary>
    public bool VerifyChecksums { get; init; } = true;
}
