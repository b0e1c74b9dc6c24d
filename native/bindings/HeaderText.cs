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
        Constants = [.. Define().Matches(code).Select(m => m.Groups[1].Value).Where(name => name != ExportMacro).Distinct()];
        code = Directive().Replace(code, "");
        Structs = [.. StructName().Matches(code).Select(m => m.Groups[1].Value).Distinct()];
        Functions = [.. FunctionName().Matches(code).Select(m => m.Groups[1].Value)];
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
    public static string ManagedName(string tag) =>
        string.Concat(tag.Split('_').Select(word => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The same bindings in the header's order.</summary>
    /// <exception cref="BindingsException">The bindings have more than the header, or less.</exception>
    public Bindings InOrder(Bindings bindings) => new(
        Ordered("constant", bindings.Constants, c => c.Name, Constants),
        Ordered("struct", bindings.Structs, s => s.Name, [.. Structs.Select(ManagedName)]),
        Ordered("function", bindings.Functions, f => f.Name, Functions));

    private static List<T> Ordered<T>(string kind, IReadOnlyList<T> found, Func<T, string> name, IReadOnlyList<string> declared)
    {
        string[] names = [.. found.Select(name)];
        foreach (string missing in declared.Except(names))
            throw new BindingsException($"the header declares the {kind} {missing}, but the generator's output has none of that name");
        foreach (string added in names.Except(declared))
            throw new BindingsException($"the generator's output has a {kind} {added}, but the header declares none of that name");
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
