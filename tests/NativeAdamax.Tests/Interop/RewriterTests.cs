using NativeAdamax.Bindings;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Interop;

public sealed class RewriterTests
{
    private const string Heading = "// of {sha256}\n";

    private static readonly string Header = Sample("sample.h");
    private static readonly string Expected = Sample("expected.txt").ReplaceLineEndings("\n");
    private static readonly string Generated = Sample("clangsharp-16.txt").ReplaceLineEndings("\n");

    private static string Sample(string file) => Repository.Read($"tests/NativeAdamax.Tests/Interop/Samples/{file}");

    private static string Rewrite(string generated) => Rewriter.Rewrite(generated, Header, Heading);

    [Theory]
    [InlineData("clangsharp-16.txt")]
    [InlineData("clangsharp-21.txt")]
    public void EveryGeneratorVersionGivesTheSameText(string file) => Assert.Equal(Expected, Rewrite(Sample(file)));

    public static TheoryData<string, string, string> Spellings() => new()
    {
        { "line ends", "\n", "\r\n" },
        { "indentation", "    ", "\t" },
        { "no indentation", "    ", "" },
        { "blank lines", "\n\n", "\n" },
        { "a comment on top", "using System", "// Made by a tool.\n/* Twice. */\nusing System" },
        { "more imports", "using System", "using System;\nusing System.Runtime.CompilerServices;\nusing System" },
        { "type names", "[NativeTypeName(\"uint64_t\")]", "" },
        { "type names in full", "[NativeTypeName(", "[NativeAdamax.Interop.NativeTypeName(" },
        { "no type name of a result", "[return: NativeTypeName(\"uint32_t\")]", "" },
        { "accessibility", "public ", "internal " },
        { "documentation", "public unsafe partial", "/// <include file='a.xml' />\npublic unsafe partial" },
        { "import in one line", "ExactSpelling = true)]\n", "ExactSpelling = true)] " },
        { "import without spelling", ", ExactSpelling = true", "" },
        {
            "import with entry point",
            "ExactSpelling = true)]\n        public static extern void na_close",
            "EntryPoint = \"na_close\")]\n public static extern void na_close"
        },
        { "convention in full", "CallingConvention.Cdecl", "System.Runtime.InteropServices.CallingConvention.Cdecl" },
        { "no unsafe class", "public static unsafe partial class", "public static partial class" },
        { "unsafe on a function", "public static extern NaMixedRow*", "public static unsafe extern NaMixedRow*" },
        { "native integers by their class", "nuint ", "UIntPtr " },
        { "types in full", "NaMixedRow* rows", "NativeAdamax.Interop.NaMixedRow * rows" },
        { "two fields in one", "sbyte small;", "sbyte\n small  ;" },
        { "suffix of a number", "7U", "7u" },
        { "base of a number", "0xF0", "0b1111_0000" },
        {
            "two classes",
            "[NativeTypeName(\"#define NA_OK",
            "} public static unsafe partial class NativeMethods { [NativeTypeName(\"#define NA_OK"
        },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void SpellingDoesNotReachTheResult(string what, string from, string to)
    {
        string varied = Generated.Replace(from, to, StringComparison.Ordinal);
        Assert.True(varied != Generated, $"the sample has no place to vary {what}");
        Assert.Equal(Expected, Rewrite(varied));
    }

    [Fact]
    public void OrderOfDeclarationsDoesNotReachTheResult()
    {
        const string typeEnd = "\n    }\n";
        int start = Generated.IndexOf('{') + 1;
        int end = Generated.LastIndexOf(typeEnd, StringComparison.Ordinal) + typeEnd.Length;
        string[] types = Generated[start..end].Split(typeEnd, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, types.Length);
        string reversed = string.Join(typeEnd, types.Reverse()) + typeEnd;
        Assert.Equal(Expected, Rewrite(Generated[..start] + reversed + Generated[end..]));
    }

    [Fact]
    public void OrderOfMembersDoesNotReachTheResult()
    {
        int start = Generated.IndexOf('{', Generated.IndexOf("class NativeMethods", StringComparison.Ordinal)) + 1;
        int end = Generated.LastIndexOf(';') + 1;
        string[] members = Generated[start..end].Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(9, members.Length);
        Assert.Equal(Expected, Rewrite(Generated[..start] + string.Join("\n\n", members.Reverse()) + Generated[end..]));
    }

    public static TheoryData<string, string, string> Strange() => new()
    {
        { "public float scale;", "[FieldOffset(0)] public float scale;", "FieldOffset" },
        { "public float scale;", "public fixed float scale[4];", "fixed" },
        { "public float scale;", "public int scale => 0;", "scale => 0" },
        { "public float scale;", "public bool scale;", "bool" },
        { "public float scale;", "public delegate* unmanaged[Cdecl]<int> scale;", "delegate*" },
        { "public float scale;", "public readonly float scale;", "readonly" },
        { "public float scale;", "public static float scale;", "static" },
        { "public float scale;", "public enum Inner { One }", "enum Inner" },
        { "public double sums;", "public na_other sums;", "na_other" },
        {
            "public unsafe partial struct NaView",
            "[StructLayout(LayoutKind.Explicit)] public unsafe partial struct NaView",
            "LayoutKind.Explicit"
        },
        { "public unsafe partial struct NaView", "public unsafe partial struct NaView : IDisposable", "IDisposable" },
        {
            "public unsafe partial struct NaView",
            "public enum NaKind { One } public unsafe partial struct NaView",
            "NaKind"
        },
        {
            "public unsafe partial struct NaView",
            "public static class Others { } public unsafe partial struct NaView",
            "Others"
        },
        {
            "public partial struct NaMixedRow",
            "public partial struct NaHandle { public int more; } public partial struct NaMixedRow",
            "NaHandle"
        },
        { "CallingConvention.Cdecl", "CallingConvention.StdCall", "StdCall" },
        { "CallingConvention = CallingConvention.Cdecl, ", "", "Cdecl" },
        { "ExactSpelling = true", "SetLastError = true", "SetLastError" },
        { "ExactSpelling = true", "EntryPoint = \"na_other\"", "na_other" },
        { "DllImport(\"native_adamax\"", "DllImport(\"other\"", "other" },
        { "[DllImport", "[SuppressGCTransition] [DllImport", "SuppressGCTransition" },
        {
            "public static extern void na_close([NativeTypeName(\"na_handle *\")] NaHandle* handle);",
            "public static void na_close(NaHandle* handle) { }",
            "na_close"
        },
        { "NaHandle* handle);", "ref NaHandle handle);", "ref NaHandle" },
        { "NaHandle* handle);", "NaHandle* handle = null);", "null" },
        { "public const int NA_OK = 0;", "public const string NA_OK = \"0\";", "string" },
        { "public const int NA_OK = 0;", "public const int NA_OK = 1 << 2;", "1 << 2" },
        { "public const int NA_OK = 0;", "public const int NA_OK = unchecked((int)0x80000000);", "unchecked" },
        { "public const int NA_OK = 0;", "public const float NA_OK = 0.0f;", "float" },
        { "public const int NA_OK = 0;", "public static int NA_OK = 0;", "static" },
        { "public const int NA_OK = 0;", "public static ReadOnlySpan<byte> NA_OK => \"0\"u8;", "ReadOnlySpan" },
        { "using System", "using Word = System.Int32;\nusing System", "Word" },
        { "using System", "using static System.Math;\nusing System", "static" },
        { "namespace NativeAdamax.Interop", "namespace Other", "Other" },
        {
            "public unsafe partial struct NaView",
            "#if WINDOWS\n public struct NaHidden { }\n#endif\n public unsafe partial struct NaView",
            "#if"
        },
        { "public const int NA_OK = 0;", "public const int = 0;", "not C#" },
    };

    [Theory]
    [MemberData(nameof(Strange))]
    public void WhatIsNotUnderstoodIsRefusedWithItsText(string from, string to, string told)
    {
        string strange = Generated.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Generated, strange);
        Assert.Contains(told, Assert.Throws<BindingsException>(() => Rewrite(strange)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public const int NA_OK = 0;", "", "NA_OK")]
    [InlineData("public partial struct NaHandle", "public partial struct na_handle", "NaHandle")]
    [InlineData("na_version()", "na_versions()", "na_version")]
    [InlineData("public const int NA_OK = 0;", "public const int NA_OK = 0, NA_ADDED = 1;", "NA_ADDED")]
    public void WhatOnlyOneOfHeaderAndOutputDeclaresIsRefused(string from, string to, string told)
    {
        string changed = Generated.Replace("[NativeTypeName(\"#define NA_OK 0\")]", "", StringComparison.Ordinal);
        changed = changed.Replace(from, to, StringComparison.Ordinal);
        Assert.Contains(told, Assert.Throws<BindingsException>(() => Rewrite(changed)).Message, StringComparison.Ordinal);
    }
}
