using System.Text.RegularExpressions;

namespace NativeAdamax.Consumer.Tests;

/// <summary>A copy of the program's project.</summary>
internal sealed partial class Project
{
    public Project(string folder, string feed)
    {
        Folder = folder;
        string package = Package.File;
        if (!Directory.Exists(feed))
        {
            Directory.CreateDirectory(feed);
            File.Copy(package, Path.Combine(feed, Path.GetFileName(package)));
            string stale = Path.Combine(Packages, "nativeadamax");
            if (Directory.Exists(stale))
                Directory.Delete(stale, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "program")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        WriteSources(feed);
    }

    public string Folder { get; }

    /// <summary>Packages of these tests alone. They stay for the next run, except the one under test.</summary>
    private static string Packages { get; } = Path.Combine(AppContext.BaseDirectory, "packages");

    /// <summary>
    /// Runs dotnet in the project's folder, without a C compiler on the path. A failure is the test's, unless a part of
    /// .NET itself cannot be had here.
    /// </summary>
    public Command Dotnet(params string[] arguments) => Dotnet(arguments, new Dictionary<string, string>());

    /// <summary>The same with environment variables, which are properties of the project too.</summary>
    public Command Dotnet(string[] arguments, IReadOnlyDictionary<string, string> variables)
    {
        Dictionary<string, string> environment = new(variables)
        {
            ["NUGET_PACKAGES"] = Packages,
            ["NativeAdamaxVersion"] = Package.Version,
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            // Build servers would outlive the test and hold its folder.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
        Command command = Command.Run(Machine.Dotnet, arguments, Folder, environment);
        Match missing = MissingPart().Match(command.Output);
        Skip.If(
            command.ExitCode != 0 && missing.Success,
            $"The package sources of this machine do not have {missing.Groups[1].Value}.");
        Skip.If(
            command.ExitCode != 0 && command.Output.Contains("Platform linker", StringComparison.Ordinal),
            "This machine has no linker for native code.");
        return command.Succeeded();
    }

    /// <summary>The package under test comes from the feed and from nowhere else; all else, as usual.</summary>
    private void WriteSources(string feed)
    {
        string list = Dotnet("nuget", "list", "source").Output;
        IEnumerable<string> usual = SourceName().Matches(list)
            .Select(name => $"""<packageSource key="{name.Groups[1].Value}"><package pattern="*" /></packageSource>""");
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <packageSources><add key="package-under-test" value="{feed}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="package-under-test"><package pattern="NativeAdamax" /></packageSource>
                {string.Join("\n    ", usual)}
              </packageSourceMapping>
            </configuration>
            """);
    }

    /// <summary>NuGet's words for a part of .NET that no source has, or not in this version.</summary>
    [GeneratedRegex(
        @"error NU110[1-3]: Unable to find package "
        + @"((Microsoft\.((NETCore|AspNetCore)\.App|DotNet\.ILCompiler|NET\.ILLink)|runtime)\.\S*?)[.,]? ",
        RegexOptions.IgnoreCase)]
    private static partial Regex MissingPart();

    [GeneratedRegex(@"^\s*\d+\.\s+(.+?) \[Enabled\]", RegexOptions.Multiline)]
    private static partial Regex SourceName();
}
