using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NativeAdamax.Bindings;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Interop;

/// <summary>The committed bindings against the header, without a library and without ClangSharp.</summary>
public sealed partial class BindingsDriftTests
{
    internal static readonly HeaderText Header = new(Repository.Read(HeaderFile));

    private const string HeaderFile = "native/include/native_adamax.h";
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The functions that the bindings import; an import is never renamed.</summary>
    internal static IEnumerable<string> Imports =>
        typeof(NativeMethods).GetMethods(Declared).Select(m => m.Name).Where(name => !name.StartsWith('<'));

    [Fact]
    public void TheBindingsAreOfThisHeader()
    {
        string text = Repository.Read(HeaderFile).Replace("\r", "", StringComparison.Ordinal);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        Match stamp = Stamp().Match(Repository.Read("src/NativeAdamax/Interop/NativeMethods.g.cs"));
        Assert.True(stamp.Success, "NativeMethods.g.cs has no header-sha256");
        Assert.True(
            stamp.Groups[1].Value == sha256,
            $"native_adamax.h ({sha256}) changed after NativeMethods.g.cs was made of it: run ./build.sh bindings");
    }

    [Fact]
    public void EveryFunctionOfTheHeaderIsImportedAndNoOther() =>
        Assert.Equal(Header.Functions.Order(StringComparer.Ordinal), Imports.Order(StringComparer.Ordinal));

    [Fact]
    public void EveryConstantHasTheHeadersValue()
    {
        Dictionary<string, ulong> declared = Definition().Matches(Repository.Read(HeaderFile))
            .ToDictionary(m => m.Groups[1].Value, m => ulong.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        Dictionary<string, ulong> bound = typeof(NativeMethods).GetFields(Declared)
            .ToDictionary(f => f.Name, f => Convert.ToUInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture));
        Assert.Equal(Header.Constants.Order(StringComparer.Ordinal), declared.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(declared, bound);
    }

    [GeneratedRegex(@"^// header-sha256 .*: ([0-9a-f]{64})\r?$", RegexOptions.Multiline)]
    private static partial Regex Stamp();

    [GeneratedRegex(@"^#define (NA_\w+) (\d+)u?\b", RegexOptions.Multiline)]
    private static partial Regex Definition();
}
