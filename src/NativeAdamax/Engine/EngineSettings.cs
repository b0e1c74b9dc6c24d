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

    public bool ZeroGradients { get; init; }

    public bool ClipsByNorm => ClipNorm is not null || GlobalClipNorm is not null || ClipPercentile is not null;
}
