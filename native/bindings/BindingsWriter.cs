namespace NativeAdamax.Bindings;

/// <summary>Writes bindings in the one form that is committed: internal types, LibraryImport, LF line ends.</summary>
internal static class BindingsWriter
{
    /// <param name="bindings">What to write, in the order in which to write it.</param>
    /// <param name="heading">The comment on top.</param>
    public static string Write(Declarations bindings, string heading)
    {
        List<string> members = [.. bindings.Functions.Select(Write)];
        string constants = string.Concat(bindings.Constants.Select(c => $"    public const {c.Type} {c.Name} = {c.Value};\n"));
        if (constants != "")
            members.Insert(0, constants);
        string[] blocks =
        [
            heading.ReplaceLineEndings("\n").TrimEnd('\n') + """

            #nullable enable
            using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;

            """,
            $"namespace {BindingsReader.Namespace};\n",
            .. bindings.Structs.Select(Write),
            $"internal static unsafe partial class {BindingsReader.ClassName}\n{{\n{string.Join("\n", members)}}}\n",
        ];
        return string.Join("\n", blocks).ReplaceLineEndings("\n");
    }

    private static string Write(Struct declared)
    {
        if (declared.Fields.Count == 0)
            return $"internal struct {declared.Name};\n";
        string modifiers = declared.Fields.Any(f => f.Type.Contains('*')) ? "internal unsafe" : "internal";
        string fields = string.Concat(declared.Fields.Select(f => $"    public {f.Type} {f.Name};\n"));
        return $"{modifiers} struct {declared.Name}\n{{\n{fields}}}\n";
    }

    private static string Write(Function function)
    {
        string parameters = string.Join(", ", function.Parameters.Select(p => $"{p.Type} {p.Name}"));
        return $"""
                [LibraryImport("{BindingsReader.Library}")]
                [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
                internal static partial {function.ReturnType} {function.Name}({parameters});

            """;
    }
}
