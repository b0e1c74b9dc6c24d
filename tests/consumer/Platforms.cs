using System.Text.Json;

namespace NativeAdamax.Consumer.Tests;

/// <summary>The program restored for every platform at once, as NuGet wrote it down.</summary>
public sealed class Platforms
{
    private const string Rids =
        "linux-x64;linux-arm64;linux-musl-x64;linux-musl-arm64;win-x64;win-arm64;osx-x64;osx-arm64;"
        + "win-x86;linux-arm;android-arm;android-arm64;android-x64;browser-wasm";

    private readonly Lazy<Project> _project;

    public Platforms(Consumer consumer) => _project = new Lazy<Project>(() =>
    {
        Project project = consumer.MakeProject("platforms");
        project.Dotnet(["restore"], WithoutTheirParts);
        return project;
    });

    /// <summary>Keeps out the platforms' own parts of .NET, which the package sources here may not have.</summary>
    internal static Dictionary<string, string> WithoutTheirParts { get; } = new()
    {
        ["RuntimeIdentifiers"] = Rids,
        ["EnableRuntimePackDownload"] = "false",
        ["EnableAppHostPackDownload"] = "false",
        ["UseAppHost"] = "false",
        ["SelfContained"] = "false",
        ["PlatformTarget"] = "AnyCPU",
    };

    internal Project Project => _project.Value;

    /// <summary>The native files of the package that a program for this platform gets.</summary>
    public string[] LibrariesOf(string rid)
    {
        using JsonDocument assets = Assets(Project);
        JsonElement library = assets.RootElement.GetProperty("targets").GetProperty("net10.0/" + rid)
            .GetProperty("NativeAdamax/" + Package.Version);
        return library.TryGetProperty("native", out JsonElement files)
            ? [.. files.EnumerateObject().Select(file => file.Name)]
            : [];
    }

    /// <summary>The folder of the one package that a project only downloads.</summary>
    internal static string DownloadedBy(Project project)
    {
        using JsonDocument assets = Assets(project);
        JsonElement root = assets.RootElement.GetProperty("project");
        JsonElement package = root.GetProperty("frameworks").GetProperty("net10.0").GetProperty("downloadDependencies")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString()!.Contains("browser-wasm", StringComparison.Ordinal));
        return Path.Combine(
            root.GetProperty("restore").GetProperty("packagesPath").GetString()!,
            package.GetProperty("name").GetString()!.ToLowerInvariant(),
            package.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0]);
    }

    private static JsonDocument Assets(Project project) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(project.Folder, "obj", "project.assets.json")));
}
