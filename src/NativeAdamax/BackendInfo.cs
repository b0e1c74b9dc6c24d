using System.Numerics;

namespace NativeAdamax;

/// <summary>What does the arithmetic, and why.</summary>
/// <param name="Kind">Native or managed.</param>
/// <param name="Isa">The instruction set of the native kernels; <see cref="Isa.Best"/> for managed.</param>
/// <param name="LibraryFile">Path of the loaded native library; null for managed, or where the platform does not
/// tell.</param>
/// <param name="FallbackReason">Why native was not possible, where managed is a fall-back and not a wish.</param>
public sealed record BackendInfo(BackendKind Kind, Isa Isa, string? LibraryFile, string? FallbackReason)
{
    /// <summary>One line for people: backend, instruction set or vector width, file, reason.</summary>
    public string Description => Kind == BackendKind.Native
        ? $"native, {BackendSelection.Name(Isa)}" + (LibraryFile is null ? "" : $", {LibraryFile}")
        : $"managed, vectors of {8 * Vector<byte>.Count} bits" + (FallbackReason is null ? "" : $": {FallbackReason}");
}
