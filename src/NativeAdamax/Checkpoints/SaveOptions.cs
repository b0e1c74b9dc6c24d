namespace NativeAdamax.Checkpoints;

/// <summary>What a checkpoint has in it.</summary>
public sealed record SaveOptions
{
    /// <summary>Whether the weights go into it with their state. Default true.</summary>
    public bool Weights { get; init; } = true;

    /// <summary>
    /// The shape of a parameter, for those who read the file; as many elements as it has, the last dimension the fastest.
    /// Null, or an answer of null: one dimension.
    /// </summary>
    public Func<Parameter, IReadOnlyList<long>?>? ShapeOf { get; init; }

    /// <summary>
    /// Text of the user's own, by keys: the epoch, the state of a random generator. Comes back in
    /// <see cref="LoadReport.Metadata"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
