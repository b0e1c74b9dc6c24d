using System.Reflection;
using System.Text.RegularExpressions;

namespace NativeAdamax.Tests.Architecture;

/// <summary>The documents name tests as proofs: each of them must be there.</summary>
public sealed partial class FeatureMatrixTests
{
    private static readonly Dictionary<string, Type> Classes =
        typeof(FeatureMatrixTests).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Tests", StringComparison.Ordinal)).ToDictionary(t => t.Name);

    [Fact]
    public void EveryCellOfTheMatrixNamesATestOrATrajectoryThatIsThere()
    {
        string[] cells = [.. Matrix().SelectMany(row => row.Skip(1)).SelectMany(cell => Code().Matches(cell).Select(m => m.Groups[1].Value))];
        Assert.True(cells.Length > 100, $"only {cells.Length} proofs were found");
        string[] missing = [.. cells.Where(c => !(c.Contains('/', StringComparison.Ordinal) ? IsTrajectory(c) : IsTest(c)))];
        Assert.Equal([], missing);
    }

    [Fact]
    public void EveryFeatureHasAProofInADialectAtLeast() =>
        Assert.Equal([], Matrix().Where(row => row.Skip(1).All(cell => cell.Length == 0)).Select(row => row[0]).ToArray());

    [Fact]
    public void EveryTestThatADocumentNamesIsThere()
    {
        string docs = Path.Combine(Repository.Root, "docs");
        List<string> missing = [];
        foreach (string file in Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories))
        {
            foreach (Match match in TestName().Matches(File.ReadAllText(file)))
            {
                if (!IsTest(match.Groups[1].Value))
                    missing.Add($"{Path.GetFileName(file)}: {match.Groups[1].Value}");
            }
        }

        Assert.Empty(missing);
    }

    private static bool IsTrajectory(string name) =>
        File.Exists(Path.Combine(Repository.Root, "tests", "goldens", $"{name}.json"));

    private static bool IsTest(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length == 2 && Classes.TryGetValue(parts[0], out Type? type)
            && type.GetMethod(parts[1])?.GetCustomAttribute<FactAttribute>() is not null;
    }

    /// <summary>The cells of the rows of the matrix.</summary>
    private static string[][] Matrix()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "dialects.md"));
        int heading = Array.FindIndex(lines, l => l.StartsWith("## Every feature", StringComparison.Ordinal));
        return
        [
            .. lines.Skip(heading).SkipWhile(l => !l.StartsWith('|')).TakeWhile(l => l.StartsWith('|')).Skip(2)
                .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"`([A-Za-z]+Tests\.[A-Za-z0-9]+)`")]
    private static partial Regex TestName();
}
