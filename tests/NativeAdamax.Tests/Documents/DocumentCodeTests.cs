using System.Text.RegularExpressions;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Documents;

/// <summary>The code in the documents is code that these tests compile and run, line by line.</summary>
public sealed partial class DocumentCodeTests
{
    private static string[][] Sources { get; } =
    [
        .. Repository.Files.Where(f => f.StartsWith("tests/NativeAdamax.Tests/", StringComparison.Ordinal)
            && f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => Lines(Repository.Read(f))),
    ];

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/schedules.md")]
    [InlineData("docs/styles.md")]
    [InlineData("docs/interop.md")]
    [InlineData("docs/interchange.md")]
    [InlineData("docs/precision.md")]
    [InlineData("docs/sparse.md")]
    [InlineData("docs/training.md")]
    public void EveryExampleIsRunByATest(string document)
    {
        string[] blocks = [.. Block().Matches(Repository.Read(document)).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(blocks);
        foreach (string block in blocks)
            Assert.True(IsInASource(Lines(block)), $"No test of Documents/ has this code of {document}:\n{block}");
    }

    [Fact]
    public void CodeThatNoTestHasIsNoticed()
    {
        Assert.True(IsInASource(["[Fact]", "public void CodeThatNoTestHasIsNoticed()", "{"]));
        Assert.False(IsInASource(["public void CodeThatNoTestHasIsNoticed()", "[Fact]"]));
        Assert.False(IsInASource(["using Some.Name" + "Space;", "[Fact]", "public void CodeThatNoTestHasIsNoticed()"]));
    }

    /// <summary>
    /// Whether a source has these lines one after the other, and the using directives among them somewhere.
    /// </summary>
    private static bool IsInASource(string[] block)
    {
        string[] usings = [.. block.Where(line => Using().IsMatch(line) && line != "using NativeAdamax;")];
        string[] code = [.. block.Where(line => !Using().IsMatch(line))];
        return Sources.Any(source => usings.All(source.Contains)
            && Enumerable.Range(0, source.Length).Any(at => source.AsSpan(at).StartsWith(code)));
    }

    /// <summary>Without indentation and without empty lines.</summary>
    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^using (static )?[\w.]+;$")]
    private static partial Regex Using();
}
