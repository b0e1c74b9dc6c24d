using System.Text.RegularExpressions;
using NativeAdamax.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace NativeAdamax.Tests.Workflows;

/// <summary>A file of .github/workflows, with its jobs.</summary>
internal sealed record Workflow(string File, YamlMappingNode Root)
{
    public static IReadOnlyList<Workflow> All { get; } =
    [
        .. Repository.Files.Where(file => file.StartsWith(".github/workflows/", StringComparison.Ordinal))
            .Select(file => Parse(file, Repository.Read(file))),
    ];

    public IEnumerable<Job> Jobs => Root.Map("jobs")!.Children
        .Select(job => new Job(File, ((YamlScalarNode)job.Key).Value!, (YamlMappingNode)job.Value));

    public static Workflow Parse(string file, string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return new Workflow(file, (YamlMappingNode)stream.Documents[0].RootNode);
    }
}

/// <summary>A job of a workflow.</summary>
internal sealed partial record Job(string File, string Name, YamlMappingNode Node)
{
    /// <summary>The rows of its matrix; one empty row where it has none.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Rows =>
        Node.Map("strategy")?.Map("matrix")?.List("include") is { } rows
            ? rows.Select(row => ((YamlMappingNode)row).Children
                .ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString()))
            : [new Dictionary<string, string>()];

    /// <summary>Every line that it runs, with the values of each row of its matrix.</summary>
    public IEnumerable<string> Commands =>
        from step in Node.List("steps") ?? []
        let run = ((YamlMappingNode)step).Text("run")
        where run is not null
        from row in Rows
        from line in run.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        select MatrixValue().Replace(line, match => row[match.Groups[1].Value]);

    public override string ToString() => $"{File}, job {Name}";

    [GeneratedRegex(@"\$\{\{ matrix\.(\w+) \}\}")]
    private static partial Regex MatrixValue();
}

internal static class YamlNodes
{
    public static YamlMappingNode? Map(this YamlMappingNode node, string key) => Child(node, key) as YamlMappingNode;

    public static YamlSequenceNode? List(this YamlMappingNode node, string key) => Child(node, key) as YamlSequenceNode;

    public static string? Text(this YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;
}
