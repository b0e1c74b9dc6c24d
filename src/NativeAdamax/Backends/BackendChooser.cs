using Microsoft.Extensions.Logging;
using NativeAdamax.Interop;

namespace NativeAdamax.Backends;

/// <summary>Which backends there are, and which one a caller gets.</summary>
internal static partial class BackendChooser
{
    public const string BackendVariable = "NATIVE_ADAMAX_BACKEND";
    public const string IsaVariable = "NATIVE_ADAMAX_ISA";

    private static readonly Lazy<NativeBackend?[]> Natives = new(OpenAll);
    private static readonly Lazy<ManagedBackend> Managed = new(() => new ManagedBackend(null));
    private static readonly Lazy<KernelBackend> Chosen = new(() => Choose(
        Environment.GetEnvironmentVariable(BackendVariable), Environment.GetEnvironmentVariable(IsaVariable)));

    /// <summary>The backend of this process.</summary>
    /// <exception cref="BackendUnavailableException">The environment asks for what is not there.</exception>
    public static KernelBackend Default => Chosen.Value;

    /// <summary>Fastest first, managed last.</summary>
    public static IReadOnlyList<BackendSelection> Available { get; } = List();

    /// <summary>Is told why managed was taken, if it was a fall-back: then, or at once where that has been.</summary>
    public static ILogger? Logger
    {
        get;
        set
        {
            field = value;
            if (value is not null && Chosen.IsValueCreated && Chosen.Value.Info.FallbackReason is { } reason)
                LogFallback(value, reason);
        }
    }

    /// <summary>The backend of a wish; of none, the default.</summary>
    /// <exception cref="BackendUnavailableException">The wish cannot be met.</exception>
    public static KernelBackend Resolve(BackendSelection? selection) =>
        selection is { } wish ? Open(wish, $"Backend '{wish}'") : Default;

    /// <summary>What the two variables ask for; null or empty is no wish.</summary>
    internal static KernelBackend Choose(string? backend, string? isa)
    {
        string wishes = (string.IsNullOrEmpty(backend) ? "" : $"{BackendVariable}={backend}")
            + (string.IsNullOrEmpty(backend) || string.IsNullOrEmpty(isa) ? "" : " with ")
            + (string.IsNullOrEmpty(isa) ? "" : $"{IsaVariable}={isa}");
        BackendKind? kind = backend?.ToLowerInvariant() switch
        {
            null or "" => null,
            "managed" => BackendKind.Managed,
            "native" => BackendKind.Native,
            _ => throw Unavailable(wishes, $"{BackendVariable} must be managed or native."),
        };
        if (!string.IsNullOrEmpty(isa))
        {
            return BackendSelection.TryParseIsa(isa, out Isa named)
                ? Open(new BackendSelection(kind ?? BackendKind.Native, named), wishes)
                : throw Unavailable(wishes, $"{IsaVariable} must be portable, avx2, avx512 or neon.");
        }

        if (kind is { } asked)
            return Open(new BackendSelection(asked), wishes);

        return Natives.Value[(int)Isa.Best] is { } best ? best : FallBack(LibraryProbe.Result.Failure!);
    }

    private static ManagedBackend FallBack(string reason)
    {
        if (Logger is { } logger)
            LogFallback(logger, reason);
        return new ManagedBackend(reason);
    }

    private static KernelBackend Open(BackendSelection wish, string asWritten)
    {
        if (wish.Kind == BackendKind.Managed)
        {
            return wish.Isa == Isa.Best
                ? Managed.Value
                : throw Unavailable(asWritten, "The managed backend has no instruction sets to choose from.");
        }

        if (wish.Kind != BackendKind.Native || !Enum.IsDefined(wish.Isa))
            throw Unavailable(asWritten, $"It must be {BackendSelection.Forms}.");

        if (Natives.Value[(int)wish.Isa] is { } native)
            return native;

        throw Unavailable(asWritten, LibraryProbe.Result.Failure
            ?? "This CPU, its operating system or this build of the native library does not have it.");
    }

    private static BackendUnavailableException Unavailable(string requested, string reason) =>
        new(requested, reason, Available);

    private static NativeBackend?[] OpenAll()
    {
        var natives = new NativeBackend?[Enum.GetValues<Isa>().Length];
        if (LibraryProbe.Result.Failure is null)
        {
            foreach (Isa isa in Enum.GetValues<Isa>())
                natives[(int)isa] = NativeBackend.TryOpen(isa, LibraryProbe.Result.File);
        }

        return natives;
    }

    private static BackendSelection[] List()
    {
        Isa[] fastestFirst = [Isa.Avx512, Isa.Avx2, Isa.Neon, Isa.Portable];
        return
        [
            .. from isa in fastestFirst
               where Natives.Value[(int)isa] is not null
               select new BackendSelection(BackendKind.Native, isa),
            new BackendSelection(BackendKind.Managed),
        ];
    }

    [LoggerMessage(1, LogLevel.Warning, "The managed kernels are used: {Reason}")]
    private static partial void LogFallback(ILogger logger, string reason);
}
