using System.Diagnostics.CodeAnalysis;

namespace NativeAdamax;

/// <summary>
/// A wish for a backend: <c>managed</c>, <c>native</c> (the best instruction set), or <c>native:avx2</c> and the like.
/// </summary>
/// <param name="Kind">Native or managed.</param>
/// <param name="Isa">The instruction set of the native kernels; <see cref="Isa.Best"/> for managed.</param>
public readonly record struct BackendSelection(BackendKind Kind, Isa Isa = Isa.Best)
{
    internal const string Forms =
        "managed, native, native:portable, native:avx2, native:avx512 or native:neon";

    /// <summary>Reads what <see cref="ToString"/> writes; case does not matter.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> is none of the forms.</exception>
    public static BackendSelection Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out BackendSelection selection)
            ? selection
            : throw new FormatException($"'{text}' is not a backend: it must be {Forms}.");
    }

    /// <summary>Reads what <see cref="ToString"/> writes; false where the text is none of the forms.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BackendSelection selection)
    {
        string wish = text?.Trim().ToLowerInvariant() ?? "";
        selection = new BackendSelection(BackendKind.Native);
        if (wish == "managed")
        {
            selection = new BackendSelection(BackendKind.Managed);
            return true;
        }

        if (wish == "native")
            return true;

        const string prefix = "native:";
        if (!wish.StartsWith(prefix, StringComparison.Ordinal) || !TryParseIsa(wish[prefix.Length..], out Isa isa))
            return false;

        selection = new BackendSelection(BackendKind.Native, isa);
        return true;
    }

    /// <summary>The form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => (Kind, Isa) switch
    {
        (BackendKind.Managed, Isa.Best) => "managed",
        (BackendKind.Native, Isa.Best) => "native",
        _ => $"{Name(Kind)}:{Name(Isa)}",
    };

    /// <summary>One of portable, avx2, avx512, neon.</summary>
    internal static bool TryParseIsa(string text, out Isa isa)
    {
        isa = text.ToLowerInvariant() switch
        {
            "portable" => Isa.Portable,
            "avx2" => Isa.Avx2,
            "avx512" => Isa.Avx512,
            "neon" => Isa.Neon,
            _ => Isa.Best,
        };
        return isa != Isa.Best;
    }

    internal static string Name(Isa isa) => isa switch
    {
        Isa.Best => "best",
        Isa.Portable => "portable",
        Isa.Avx2 => "avx2",
        Isa.Avx512 => "avx512",
        Isa.Neon => "neon",
        _ => $"isa {(int)isa}",
    };

    private static string Name(BackendKind kind) => kind switch
    {
        BackendKind.Native => "native",
        BackendKind.Managed => "managed",
        _ => $"backend {(int)kind}",
    };
}
