using Microsoft.Extensions.Logging;
using NativeAdamax.Backends;

namespace NativeAdamax;

/// <summary>
/// The backend of this process: the native kernels where their library loads, else the managed ones.
/// </summary>
/// <remarks>
/// <para>Chosen once, at first use. The environment variable <c>NATIVE_ADAMAX_BACKEND</c> (<c>managed</c> or
/// <c>native</c>) and <c>NATIVE_ADAMAX_ISA</c> (<c>portable</c>, <c>avx2</c>, <c>avx512</c> or <c>neon</c>; native
/// only) ask for one; then there is no fall-back.</para>
/// <para>An optimizer may ask for another one by its options.</para>
/// </remarks>
public static class Backend
{
    /// <summary>The chosen backend.</summary>
    /// <exception cref="BackendUnavailableException">The environment asks for what is not there.</exception>
    public static BackendInfo Info => BackendChooser.Default.Info;

    /// <summary>Everything that can be chosen here, fastest first. The managed backend is always the last.</summary>
    public static IReadOnlyList<BackendSelection> Available => BackendChooser.Available;

    /// <summary>
    /// Is told, as a warning, why the native kernels are not used: at the fall-back, or at once where that has been.
    /// Null, as it is at first, for nobody.
    /// </summary>
    public static ILogger? Logger
    {
        get => BackendChooser.Logger;
        set => BackendChooser.Logger = value;
    }
}
