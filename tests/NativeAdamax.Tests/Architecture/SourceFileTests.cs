using System.Text.RegularExpressions;

namespace NativeAdamax.Tests.Architecture;

public sealed partial class SourceFileTests
{
    private const int MostLines = 300;

    private static readonly string[] Source = [".cs", ".c", ".h", ".cmake", ".sh", ".ps1"];

    private static IEnumerable<string> Sources => Repository.Files.Where(f =>
        Source.Contains(Path.GetExtension(f)) && !f.EndsWith(".g.cs", StringComparison.Ordinal));

    [Fact]
    public void NoSourceFileIsTooLongToRead()
    {
        string[] tooLong = [.. Sources.Select(f => (File: f, Lines: Repository.Read(f).AsSpan().Count('\n')))
            .Where(x => x.Lines > MostLines).Select(x => $"{x.File}: {x.Lines} lines")];
        AssertNone(tooLong);
    }

    [Fact]
    public void ANamespaceSaysWhereItsFileLies()
    {
        List<string> strays = [];
        foreach (string file in Sources
            .Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal)))
        {
            Match declared = NamespaceLine().Match(Repository.Read(file));
            string expected = Path.GetDirectoryName(file[4..])!.Replace('\\', '/').Replace('/', '.');
            if (declared.Success && declared.Groups[1].Value != expected)
                strays.Add($"{file} declares {declared.Groups[1].Value}");
        }

        AssertNone(strays);
    }

    [Fact]
    public void DocumentsNameOnlyFilesThatExist()
    {
        string[] documents = [.. Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))];
        Assert.NotEmpty(documents);
        string[] lost = [.. from document in documents
                            from path in DocumentPaths.In(Repository.Read(document))
                            where !DocumentPaths.Exists(path, document, Repository.Files)
                            select $"{document} names {path}"];
        AssertNone(lost);
    }

    [Theory]
    [InlineData("see `src/Missing.cs` there", "src/Missing.cs")]
    [InlineData("run `./build.sh test` or edit `build.xyz`", "build.sh")]
    [InlineData("all of `native/src/kernels/` and `Vanished.cs`", "native/src/kernels/", "Vanished.cs")]
    [InlineData("`artifacts/native/`, `a/b`, `1/x`, `https://x.y/z.md`, `docs/*.md`, `<rid>/x.cs` are no paths")]
    public void PathsAreFoundInBackticks(string text, params string[] paths) =>
        Assert.Equal(paths, DocumentPaths.In(text));

    [Fact]
    public void APathThatIsNotThereIsNoticed()
    {
        string[] files = ["docs/a.md", "src/b.cs"];
        Assert.True(DocumentPaths.Exists("src/b.cs", "docs/a.md", files));
        Assert.True(DocumentPaths.Exists("b.cs", "docs/a.md", files));
        Assert.True(DocumentPaths.Exists("../src/", "docs/a.md", files));
        Assert.False(DocumentPaths.Exists("src/c.cs", "docs/a.md", files));
        Assert.False(DocumentPaths.Exists("srcs/", "docs/a.md", files));
    }

    private static void AssertNone(IReadOnlyCollection<string> found) =>
        Assert.True(found.Count == 0, string.Join('\n', found));

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
