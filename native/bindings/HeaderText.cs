using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeAdamax.Bindings;

/// <summary>
/// The names that a header declares, in its order, read from its text alone. It gives the bindings an order that no
/// generator decides, and shows what a generator left out.
/// </summary>
internal sealed partial class HeaderText
{
    private const string ExportMacro = "NA_API";

    public HeaderText(string text)
    {
        string lf = text.ReplaceLineEndings("\n");
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lf)));
        string code = Comment().Replace(lf, " ");
        Constants = [.. Names(Define(), code).Where(name => name != ExportMacro)];
        code = Directive().Replace(code, "");
        Structs = [.. Names(StructName(), code)];
        Functions = [.. Names(FunctionName(), code)];
    }

    /// <summary>SHA-256 of the text with LF line ends, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The macros that have a value and no parameters.</summary>
    public IReadOnlyList<string> Constants { get; }

    /// <summary>The tags of the structs, opaque ones too, as C spells them.</summary>
    public IReadOnlyList<string> Structs { get; }

    /// <summary>The exported functions.</summary>
    public IReadOnlyList<string> Functions { get; }

    /// <summary>The C# name of a struct: na_layout_entry is NaLayoutEntry.</summary>
    public static string ManagedName(string tag)
    {
        string[] words = tag.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    /// <summary>The same bindings in the header's order.</summary>
    /// <exception cref="BindingsException">The bindings have more than the header, or less.</exception>
    public Declarations InOrder(Declarations bindings) => new(
        Ordered("constant", bindings.Constants, c => c.Name, Constants),
        Ordered("struct", bindings.Structs, s => s.Name, [.. Structs.Select(ManagedName)]),
        Ordered("function", bindings.Functions, f => f.Name, Functions));

    private static IEnumerable<string> Names(Regex declaration, string code) =>
        declaration.Matches(code).Select(m => m.Groups[1].Value).Distinct();

    private static List<T> Ordered<T>(
        string kind, IReadOnlyList<T> found, Func<T, string> name, IReadOnlyList<string> declared)
    {
        string[] names = [.. found.Select(name)];
        if (declared.Except(names).FirstOrDefault() is { } missing)
            throw new BindingsException($"the header has the {kind} {missing}, and the generator's output has not");
        if (names.Except(declared).FirstOrDefault() is { } added)
            throw new BindingsException($"the generator's output has the {kind} {added}, and the header has not");
        return [.. declared.Select(d => found.Single(f => name(f) == d))];
    }

    [GeneratedRegex(@"/\*.*?\*/|//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+\S", RegexOptions.Multiline)]
    private static partial Regex Define();

    [GeneratedRegex(@"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"\bstruct\s+(\w+)\s*(?:\{|\w+\s*;)")]
    private static partial Regex StructName();

    [GeneratedRegex(@"\b" + ExportMacro + @"\b[^;(]*?(\w+)\s*\(")]
    private static partial Regex FunctionName();
}
