using System.Text.RegularExpressions;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Workflows;

/// <summary>What a build script offers, read from its text.</summary>
/// <param name="Verbs">The verbs that it acts on.</param>
/// <param name="Help">Its help, line by line, without the usage line.</param>
/// <param name="Suites">The suites of its verb test.</param>
/// <param name="Implemented">The suites that there is code for.</param>
internal sealed partial record BuildScript(string[] Verbs, string[] Help, string[] Suites, string[] Implemented)
{
    public static BuildScript Shell { get; } = ReadShell();

    public static BuildScript PowerShell { get; } = ReadPowerShell();

    /// <summary>What is wrong with a command of a workflow; null if nothing is.</summary>
    public static string? Fault(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        BuildScript? script = words[0] switch
        {
            "./build.sh" or ".ci/run" => Shell,
            "./build.ps1" => PowerShell,
            _ => null,
        };
        if (script is null)
        {
            return words[0].StartsWith(".ci/", StringComparison.Ordinal)
                ? Repository.Files.Contains(words[0]) ? null : $"there is no {words[0]}"
                : OtherCommands().IsMatch(command) ? null : $"{words[0]} is no build script";
        }

        if (words.Length < 2 || !script.Verbs.Contains(words[1]))
            return $"{words[0]} has no such verb";
        string[] strays = words[1] == "test" ? [.. words[2..].Except(script.Suites)] : [];
        return strays is [] ? null : $"{words[0]} has no suite {strays[0]}";
    }

    private static BuildScript ReadShell()
    {
        string text = Repository.Read("build.sh");
        string suites = Repository.Read("tests/suites.sh") + Repository.Read("tests/package.sh");
        return new BuildScript(
            Words(ShellCase().Matches(text[text.IndexOf("case $verb in", StringComparison.Ordinal)..]), '|'),
            HelpLines(text),
            Words(ShellSuites().Matches(suites), ' '),
            [.. ShellFunction().Matches(suites).Select(m => m.Groups[1].Value.Replace('_', '-'))]);
    }

    private static BuildScript ReadPowerShell()
    {
        string text = Repository.Read("build.ps1").ReplaceLineEndings("\n");
        string suites = Repository.Read("tests/suites.ps1").ReplaceLineEndings("\n");
        return new BuildScript(
            Words(PowerShellCase().Matches(text), ','),
            HelpLines(text),
            Words(PowerShellSuites().Matches(suites), ','),
            [.. SuiteCase().Matches(suites).Select(m => m.Groups[1].Value)]);
    }

    private static string[] Words(IEnumerable<Match> matches, char separator) =>
        [.. matches.SelectMany(m => m.Groups[1].Value.Split(separator)).Select(word => word.Trim(' ', '\''))];

    private static string[] HelpLines(string text) =>
        [.. HelpLine().Matches(text).Select(m => m.Value)];

    // What else a workflow may run: comparing, unpacking, and giving a release away.
    [GeneratedRegex("^(diff -r|unzip -q|dotnet nuget push|gh release create) ")]
    private static partial Regex OtherCommands();

    [GeneratedRegex(@"^([\w| -]+)\)$", RegexOptions.Multiline)]
    private static partial Regex ShellCase();

    [GeneratedRegex("^suites=\"(?:\\$suites )?(.*)\"$", RegexOptions.Multiline)]
    private static partial Regex ShellSuites();

    [GeneratedRegex(@"^suite_(\w+)\(\) \{$", RegexOptions.Multiline)]
    private static partial Regex ShellFunction();

    [GeneratedRegex(@"^    (?:\{ \$_ -in )?('[\w-]+'(?:, '[\w-]+')*)(?: \})? \{$", RegexOptions.Multiline)]
    private static partial Regex PowerShellCase();

    [GeneratedRegex(@"^\$suites \+?= (.*)$", RegexOptions.Multiline)]
    private static partial Regex PowerShellSuites();

    [GeneratedRegex(@"^        '([\w-]+)' \{ ", RegexOptions.Multiline)]
    private static partial Regex SuiteCase();

    [GeneratedRegex(@"^(  \w+( \[.*\])?( {2,}.*)?| {20}[a-z].*)$", RegexOptions.Multiline)]
    private static partial Regex HelpLine();
}
