using System.Text.RegularExpressions;

namespace NativeAdamax.Tests.Architecture;

/// <summary>
/// Paths in a document's backticks: a folder with its final slash, or a file with one of the endings of this project.
/// </summary>
internal static partial class DocumentPaths
{
    /// <summary>Folders that a build or a package makes.</summary>
    private static readonly string[] Made = ["artifacts/", "runtimes/"];

    public static string[] In(string text) =>
        [.. Backticked().Matches(text).Select(m => m.Groups[1].Value)
            .Select(p => p.StartsWith("./", StringComparison.Ordinal) ? p[2..] : p)
            .Where(p => !Made.Any(made => p.StartsWith(made, StringComparison.Ordinal)))
            .Where(p => PathLike().IsMatch(p)).Distinct()];

    public static bool Exists(string path, string document, IReadOnlyList<string> files)
    {
        string folder = Path.GetDirectoryName(document) ?? "";
        string relative = Path.GetRelativePath(Path.GetFullPath("/"), Path.GetFullPath("/" + folder + "/" + path))
            .Replace('\\', '/');
        if (path.EndsWith('/'))
        {
            relative = relative.TrimEnd('/') + "/";
            return files.Any(f => f.StartsWith(path, StringComparison.Ordinal)
                || f.Contains("/" + path, StringComparison.Ordinal)
                || f.StartsWith(relative, StringComparison.Ordinal));
        }

        return files.Any(f => f == path || f == relative || f.EndsWith("/" + path, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<!`)`([^`\s]+)(?: [^`\n]*)?`(?!`)")]
    private static partial Regex Backticked();

    [GeneratedRegex(@"^[\w.\-]+(/[\w.\-]+)*(\.(cs|c|h|md|sh|ps1|sln|csproj|props|txt|cmake|rsp)|/)$")]
    private static partial Regex PathLike();
}
