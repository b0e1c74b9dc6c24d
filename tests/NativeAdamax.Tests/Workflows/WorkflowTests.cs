using System.Text.RegularExpressions;
using NativeAdamax.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace NativeAdamax.Tests.Workflows;

[Trait("Category", "Repository")]
public sealed partial class WorkflowTests
{
    private static IEnumerable<Job> Jobs => Workflow.All.SelectMany(workflow => workflow.Jobs);

    [Fact]
    public void WorkflowsRunWhatADeveloperCanRun()
    {
        Assert.Equal(3, Workflow.All.Count);
        string[] commands = [.. Jobs.SelectMany(job => job.Commands).Distinct()];
        Assert.Contains("./build.ps1 test", commands);
        AssertNone(commands.Select(command => (command, fault: BuildScript.Fault(command)))
            .Where(x => x.fault is not null).Select(x => $"{x.command}: {x.fault}"));
    }

    [Theory]
    [InlineData("./build.sh tests", "./build.sh has no such verb")]
    [InlineData("./build.ps1 test c-debug c-debugger", "./build.ps1 has no suite c-debugger")]
    [InlineData(".ci/run", ".ci/run has no such verb")]
    [InlineData(".ci/missing x", "there is no .ci/missing")]
    [InlineData("cmake -S . -B build", "cmake is no build script")]
    [InlineData("./build.sh bindings --check", null)]
    public void ACommandThatNobodyHasIsNoticed(string command, string? fault) =>
        Assert.Equal(fault, BuildScript.Fault(command));

    [Fact]
    public void ActionsArePinnedByOneCommitWithItsVersionBesideIt()
    {
        Match[] uses = [.. Workflow.All.SelectMany(w => Uses().Matches(Repository.Read(w.File)))];
        Assert.NotEmpty(uses);
        AssertNone(uses.Select(m => m.Groups[1].Value.Trim())
            .Where(text => !text.StartsWith("./", StringComparison.Ordinal) && !Pinned().IsMatch(text)));
        AssertNone(uses.Select(m => Pinned().Match(m.Groups[1].Value)).Where(m => m.Success)
            .GroupBy(m => m.Groups[1].Value).Where(g => g.Select(m => m.Value).Distinct().Count() > 1)
            .Select(g => $"{g.Key} is pinned to several commits"));
    }

    [Fact]
    public void AJobMayDoNoMoreThanItsStepsNeed()
    {
        AssertNone(Workflow.All.Where(w => w.Root.Map("permissions") is not { Children.Count: 0 })
            .Select(w => $"{w.File} gives every job permissions"));
        AssertNone(Jobs.Where(job => job.Node.Map("permissions") is null).Select(job => $"{job} has no permissions"));
        string[] writes =
        [
            .. from job in Jobs
               from permission in job.Node.Map("permissions")!.Children
               where permission.Value.ToString() != "read"
               select $"{Path.GetFileName(job.File)} {job.Name} {permission.Key}",
        ];
        Assert.Equal(
            ["release.yml publish attestations", "release.yml publish id-token", "release.yml release contents"],
            writes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NoJobHangsAndNoTwoRunsOfAKindMeet()
    {
        AssertNone(Jobs.Where(job => job.Node.Text("uses") is null && job.Node.Text("timeout-minutes") is null)
            .Select(job => $"{job} has no timeout"));
        AssertNone(Workflow.All.Where(w => w.Root.Map("concurrency")?.Text("group") is null)
            .Select(w => $"{w.File} has no concurrency group"));
    }

    [Fact]
    public void NoStepLeavesTheTokenInTheCheckout()
    {
        string[] careless =
        [
            .. from job in Jobs
               from YamlMappingNode step in job.Node.List("steps") ?? []
               where step.Text("uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true
               where step.Map("with")?.Text("persist-credentials") != "false"
               select job.ToString(),
        ];
        AssertNone(careless);
    }

    [Fact]
    public void EveryPlatformThatIsTestedAlsoUsesThePackage()
    {
        string[] Rids(string name) =>
            [.. Jobs.Single(job => job.Name == name).Rows.Select(row => row["rid"]).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["linux-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"],
            Rids("test"));
        Assert.Equal(Rids("test"), Rids("consume"));
    }

    private static void AssertNone(IEnumerable<string> found) => Assert.False(found.Any(), string.Join('\n', found));

    [GeneratedRegex(@"^[\s-]*uses:(.*)$", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^\s*([\w.-]+/[\w.-]+)@[0-9a-f]{40} # v\d+(\.\d+)+$")]
    private static partial Regex Pinned();
}
