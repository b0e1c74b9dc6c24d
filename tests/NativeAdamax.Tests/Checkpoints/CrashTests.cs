using System.Diagnostics;
using System.Globalization;
using NativeAdamax.Checkpoints;
using NativeAdamax.Tests.Engine;
using NativeAdamax.Tests.Support;

namespace NativeAdamax.Tests.Checkpoints;

/// <summary>Whatever stops a save, a complete checkpoint is there.</summary>
[Collection(Alone.Name)]
[Trait("Category", "Once")]
public sealed class CrashTests
{
    /// <summary>Fewer on a slow machine, but never below 40; more: NATIVE_ADAMAX_KILLS=5000.</summary>
    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("NATIVE_ADAMAX_KILLS"), CultureInfo.InvariantCulture, out int n) ? n : 200;

    [Fact]
    public async Task AProcessKilledAtAnyMomentLeavesACompleteCheckpointAndLosesNoneThatWasSaved()
    {
        Stopwatch watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(seed => Task.Run(() => KillOften(seed, Kills / 2, watch))));
    }

    [NamespaceFact]
    public void AFullDiskIsAClearErrorAndTheOldFileStays() =>
        AssertWall("mount -t tmpfs -o size=500k tmpfs \"$0\" && exec \"$@\"", "IOException: ", "full");

    [NamespaceFact]
    public void AReadOnlyFolderIsAClearErrorAndTheOldFileStays()
    {
        using TemporaryFolder folder = new();
        (Parameter weights, Optimizer optimizer) = SavingChild.New(1000);
        SavingChild.SetStep(weights, optimizer, 3);
        optimizer.Save(folder.File(SavingChild.SingleName));
        AssertWall("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"", "IOException: ", "Read-only", folder);
    }

    [LinuxFact("a limit of file sizes that is an error and no signal")]
    public void AFileThatMayNotGrowIsAClearErrorAndTheOldFileStays() =>
        AssertWall("trap '' XFSZ; ulimit -f 1000; exec \"$@\"", "IOException: ", "");

    [Fact]
    public void AMissingFolderIsAClearError()
    {
        using TemporaryFolder folder = new();
        using Run run = new(new AdamOptions(), [3]);
        string missing = Path.Combine(folder.Path, "missing");
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(
            () => run.Optimizer.Save(Path.Combine(missing, "a"))).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => new CheckpointFolder(missing).Save(run.Optimizer));
        Assert.Throws<DirectoryNotFoundException>(() => new CheckpointFolder(missing).LoadLatest(run.Optimizer));
        Assert.Throws<FileNotFoundException>(() => run.Optimizer.Load(folder.File("a")));
        Assert.Throws<ArgumentException>(() => run.Optimizer.Save(""));
        run.Call();
    }

    [Fact]
    public void WhatFailsOrIsGivenUpOnTheWayLeavesTheOldFileAndNothingElse()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("a");
        using Run run = new Run(new AdamOptions(), [1_000_000]).Call();
        run.Optimizer.Save(file);
        byte[] before = File.ReadAllBytes(file);
        run.Call();
        CancellationTokenSource source = new();
        Assert.ThrowsAny<OperationCanceledException>(() => run.Optimizer.Save(
            file, null, new Told(p => { if (p.BytesDone > 20_000_000) source.Cancel(); }), source.Token));
        Assert.Throws<TimeZoneNotFoundException>(() => run.Optimizer.Save(
            file, null, new Told(p => { if (p.BytesDone > 20_000_000) throw new TimeZoneNotFoundException(); })));
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal(["a"], folder.Names);
        Assert.Throws<IOException>(() => run.Optimizer.Save(Directory.CreateDirectory(folder.File("b")).FullName));
        Assert.Equal(["a"], folder.Names);
        run.Call();
    }

    private static void KillOften(int seed, int kills, Stopwatch watch)
    {
        using TemporaryFolder folder = new();
        Random random = new(seed);
        (Parameter weights, Optimizer optimizer) = SavingChild.New(20_000);
        CheckpointFolder checkpoints = new(folder.Path, keep: 2);
        long last = 0;
        for (int done = 0; done < kills && (done < 20 || kills > 1000 || watch.Elapsed < TimeSpan.FromSeconds(90)); done++)
        {
            using Process child = SavingChild.Start(null, "loop", folder.Path);
            long saved = long.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            Thread.Sleep(random.Next(12));
            Thread.SpinWait(random.Next(20_000));
            child.Kill();
            while (child.StandardOutput.ReadLine() is { Length: > 0 } line)
                saved = long.TryParse(line, CultureInfo.InvariantCulture, out long step) ? Math.Max(step, saved) : saved;
            child.WaitForExit();
            Assert.True(saved > last, $"the child went back from {last} to {saved}");

            LoadReport report = checkpoints.LoadLatest(optimizer)!;
            Assert.Empty(report.PassedOver);
            last = SavingChild.StepOf(weights, optimizer);
            Assert.InRange(last, saved, saved + 1);
            optimizer.Load(folder.File(SavingChild.SingleName));
            Assert.InRange(SavingChild.StepOf(weights, optimizer), saved, saved + 1);
            Assert.InRange(checkpoints.Files.Count, 1, 3);
        }

        checkpoints.Save(optimizer);
        optimizer.Save(folder.File(SavingChild.SingleName));
        Assert.All(folder.Names, name => Assert.False(name.StartsWith('.'), $"{name} was left"));
        Assert.Equal(3, folder.Names.Length);
    }

    /// <param name="shell">What is done before the program is run: "$0" is the folder.</param>
    /// <param name="error">What the message begins with.</param>
    /// <param name="why">What it says.</param>
    /// <param name="folder">Null: an empty one.</param>
    private static void AssertWall(string shell, string error, string why, TemporaryFolder? folder = null)
    {
        using TemporaryFolder own = folder ?? new TemporaryFolder();
        string script = shell.StartsWith("mount", StringComparison.Ordinal)
            ? $"exec unshare -rm /bin/sh -c '{shell.Replace("'", "'\\''", StringComparison.Ordinal)}' \"$0\" \"$@\""
            : shell;
        using Process child = SavingChild.Start(script, "wall", own.Path);
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, $"{child.ExitCode}: {output}{errors.Result}");
        Assert.StartsWith(error, output, StringComparison.Ordinal);
        Assert.Contains(why, output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"step 3, files {SavingChild.SingleName}\n", output, StringComparison.Ordinal);
    }
}
