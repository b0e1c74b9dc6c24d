using NativeAdamax.Clipping;

namespace NativeAdamax.Engine;

/// <summary>What holds for all tensors and all steps of an engine.</summary>
internal sealed record EngineSettings
{
    /// <summary>Parts of a step at most; 1 or more.</summary>
    public required int Threads { get; init; }

    /// <summary>Largest norm of one tensor's gradient; null: not clipped by it.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Largest norm of all gradients together; null: not clipped by it.</summary>
    public double? GlobalClipNorm { get; init; }

    /// <summary>Percentile of a tensor's last norms that its gradient is brought down to; null: not clipped by it.</summary>
    public int? ClipPercentile { get; init; }

    /// <summary>Largest norm of a tensor's change, as a part of its weights' norm; null: not scaled down by it.</summary>
    public double? MaxUpdateNorm { get; init; }

    public required ClipFormula ClipFormula { get; init; }

    /// <summary>Gradients are summed over several calls.</summary>
    public bool Accumulates { get; init; }

    /// <summary>Where the moments lie in a mapped file; null: in memory.</summary>
    public string? StateFolder { get; init; }

    /// <summary>How moments are kept; null: in floats.</summary>
    public StatePrecision? Precision { get; init; }

    public bool ZeroGradients { get; init; }

    /// <summary>The kernels' format of a stream of a tensor of so many elements. Sums of gradients are floats.</summary>
    public uint FormatOf(StreamPlace place, ulong count) => place == StreamPlace.S || Precision is not { } precision
        ? StreamFormat.Float32
        : StreamFormat.Of(
            place == StreamPlace.M ? precision.FirstMoment : precision.SecondMoment, place, count,
            precision.FewestQuantized);

    public bool ClipsByNorm => ClipNorm is not null || GlobalClipNorm is not null || ClipPercentile is not null;
}
