using System.Text.RegularExpressions;
using NativeAdamax.Interop;
using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Workflows;

[Trait("Category", "Repository")]
public sealed class BuildScriptTests
{
    private static readonly string[] Verbs =
        ["--help", "-h", "bench", "bindings", "clean", "demo", "help", "native", "pack", "test"];

    [Fact]
    public void BothBuildScriptsHaveTheSameVerbs()
    {
        Assert.Equal(Verbs, BuildScript.Shell.Verbs.Where(verb => verb.Any(char.IsLetter)).Order(StringComparer.Ordinal));
        Assert.Equal(Verbs, BuildScript.PowerShell.Verbs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void BothBuildScriptsExplainEveryVerbInTheSameWords()
    {
        Assert.Equal(BuildScript.Shell.Help, BuildScript.PowerShell.Help);
        Assert.Empty(Verbs.Where(verb => verb[0] != '-')
            .Except(BuildScript.Shell.Help.Select(line => line.Trim().Split(' ')[0])));
    }

    [Fact]
    public void BothBuildScriptsHaveTheSameSuitesAndCodeForEach()
    {
        Assert.Contains("c-debug", BuildScript.Shell.Suites);
        Assert.Equal(BuildScript.Shell.Suites, BuildScript.PowerShell.Suites);
        Assert.Equal(BuildScript.Shell.Suites.Order(), BuildScript.Shell.Implemented.Order());
        Assert.Equal(BuildScript.PowerShell.Suites.Order(), BuildScript.PowerShell.Implemented.Order());
    }

    [Fact]
    public void BothBuildScriptsAskTheSamePythonsForTorch()
    {
        string shell = Repository.Read("bench/bench.sh"), powerShell = Repository.Read("bench/bench.ps1");
        Assert.Contains("for python in /usr/bin/python3 \"$(command -v python3)\"", shell, StringComparison.Ordinal);
        Assert.Contains("python_with torch", shell, StringComparison.Ordinal);
        Assert.Contains("foreach ($python in '/usr/bin/python3', 'python3')", powerShell, StringComparison.Ordinal);
        Assert.Contains("Find-PythonWith torch", powerShell, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^ *(& )?python3 ", shell + powerShell);
    }

    [SkippableFact]
    public void TheShellScriptListsItsSuitesAndRefusesWhatItDoesNotKnow() => AssertRefuses("sh", "build.sh");

    [SkippableFact]
    public void ThePowerShellScriptListsItsSuitesAndRefusesWhatItDoesNotKnow() =>
        AssertRefuses("pwsh", "-NoProfile", "-File", "build.ps1");

    [SkippableTheory]
    [InlineData("build.ps1")]
    [InlineData("tests/suites.ps1")]
    [InlineData("tests/package.ps1")]
    [InlineData("bench/bench.ps1")]
    public void PowerShellParsesTheScript(string file)
    {
        string script = $$"""
            $errors = $null
            $path = '{{Path.Combine(Repository.Root, file)}}'
            [void][System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$null, [ref]$errors)
            $errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" }
            """;
        Assert.Equal("", Command.Run("pwsh", "-NoProfile", "-Command", script).Succeeded().Output.Trim());
    }

    [SkippableFact]
    public void AReleaseIsTaggedWithTheVersionOfTheProjectAndIsInTheChangelog()
    {
        Command right = Command.Run("sh", ".ci/version", "v" + Version);
        Assert.Equal($"version {Version}", right.Succeeded().Output.Trim());
        foreach (string tag in new[] { Version, "v" + Version + "0", "v" })
            Assert.Equal(1, Command.Run("sh", ".ci/version", tag).ExitCode);
        string changelog = Repository.Read("docs/CHANGELOG.md").ReplaceLineEndings("\n");
        Assert.Matches($@"\n## {Regex.Escape(Version)}( .*)?\n\nABI version {NativeMethods.NA_ABI_VERSION}\.", changelog);
    }

    private static string Version => typeof(Backend).Assembly.GetName().Version!.ToString(3);

    private static void AssertRefuses(string program, params string[] script)
    {
        Command list = Command.Run(program, [.. script, "test", "--list"]);
        Assert.Equal(string.Join('\n', BuildScript.Shell.Suites), list.Succeeded().Output.ReplaceLineEndings("\n").Trim());
        Command help = Command.Run(program, [.. script, "help"]);
        Assert.Contains("usage: ./build.", help.Succeeded().Output, StringComparison.Ordinal);
        Command verb = Command.Run(program, [.. script, "tset"]);
        Assert.Equal((2, true), (verb.ExitCode, verb.Output.Contains("no verb tset", StringComparison.Ordinal)));
        Command suite = Command.Run(program, [.. script, "test", "d"]);
        Assert.Equal((2, true), (suite.ExitCode, suite.Output.Contains("no suite d;", StringComparison.Ordinal)));
    }
}
